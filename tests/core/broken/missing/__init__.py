"""Requires a module that is not installed."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="missing", version="1.0", label=Lazy("Missing"), requires=("nowhere>=1.0",))
