"""Requires what requires it."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="ring_a", version="1.0", label=Lazy("A"), requires=("ring_b",))
