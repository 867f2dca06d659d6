"""Enhances the sound one, whose name comes later in the alphabet."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="around_sound", version="1.0", label=Lazy("Around"), enhances=("sound", "nowhere"))
