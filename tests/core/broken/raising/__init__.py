"""Fails when it is asked what it declares."""

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="raising", version="1.0", label=Lazy("Raising"))


@hookimpl
def dougong_permissions() -> list[object]:
    raise ValueError("not today")
