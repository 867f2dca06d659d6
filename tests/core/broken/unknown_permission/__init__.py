"""Gives a role a permission that it misspells."""

from dougong.access.roles import Permission, RoleDefault
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="unknown_permission", version="1.0", label=Lazy("Unknown"))


@hookimpl
def dougong_permissions() -> list[Permission]:
    return [Permission("unknown_permission.identity", Lazy("See"), "unknown_permission")]


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [RoleDefault("service_agent", ("unknown_permission.identiy",))]
