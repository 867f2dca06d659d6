"""Requires a module that is itself off."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="needs_missing", version="1.0", label=Lazy("Needs"), requires=("missing",))
