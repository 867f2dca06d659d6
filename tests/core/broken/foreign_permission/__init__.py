"""Declares a permission of another module."""

from dougong.access.roles import Permission
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="foreign_permission", version="1.0", label=Lazy("Foreign"))


@hookimpl
def dougong_permissions() -> list[Permission]:
    return [Permission("core.everything", Lazy("Everything"), "core")]
