"""Declares a permission twice."""

from dougong.access.roles import Permission
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="twice_permission", version="1.0", label=Lazy("Twice"))


@hookimpl
def dougong_permissions() -> list[Permission]:
    return [Permission("twice_permission.see", Lazy("See"), "twice_permission")] * 2
