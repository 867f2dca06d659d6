"""Needs a core that does not exist yet."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="future_core", version="1.0", label=Lazy("Future"), requires_core=">=99")
