"""Requires a newer version of a module than the installed one."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="too_new", version="1.0", label=Lazy("Too new"), requires=("sound>=2.0",))
