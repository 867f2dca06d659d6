"""Takes a name of the platform's."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="platform", version="1.0", label=Lazy("Platform"))
