"""A hook without its marker."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="unmarked", version="1.0", label=Lazy("Unmarked"))


def dougong_permissions() -> list[object]:
    return []
