"""One of two plugins with the same name."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="twin", version="1.0", label=Lazy("Twin"))
