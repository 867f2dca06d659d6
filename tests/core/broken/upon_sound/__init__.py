"""Requires the sound one and gives to the same post."""

from dougong.access.roles import RoleDefault
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="upon_sound", version="1.0", label=Lazy("Upon"), requires=("sound>=1.0,<2",))


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [RoleDefault("service_agent", ("core.people.read",))]


@hookimpl
def dougong_veto(transition: str) -> Lazy | None:
    return Lazy("Upon says no")
