"""Nothing is wrong with this one: the broken ones must not take it with them."""

from dougong.access.roles import Permission, RoleDefault
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="sound", version="1.3", label=Lazy("Sound"), licence="Apache-2.0")


@hookimpl
def dougong_permissions() -> list[Permission]:
    return [Permission("sound.hear", Lazy("Hear"), "sound")]


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [RoleDefault("service_agent", ("sound.*",)), RoleDefault("tuner", ("sound.hear",), Lazy("Tuner"), 20)]


@hookimpl
def dougong_veto(transition: str) -> Lazy | None:
    return Lazy("Sound says no")
