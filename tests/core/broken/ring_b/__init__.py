"""Requires what requires it."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="ring_b", version="1.0", label=Lazy("B"), requires=("ring_a",))
