"""A hook with an argument that it does not have."""

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="wrong_argument", version="1.0", label=Lazy("Wrong"))


@hookimpl
def dougong_veto(record: object, transition: str, user: object) -> None:
    return None
