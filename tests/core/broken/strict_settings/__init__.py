"""Settings that cannot stand without being filled in."""

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy
from pydantic import BaseModel

manifest = Manifest(name="strict_settings", version="1.0", label=Lazy("Strict"))


class Settings(BaseModel):
    hours: int


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings
