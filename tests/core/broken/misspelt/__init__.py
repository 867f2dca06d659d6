"""A hook that is not one."""

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="misspelt", version="1.0", label=Lazy("Misspelt"))


@hookimpl
def dougong_permisions() -> list[object]:
    return []
