"""Its catalogue cannot be read."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="bad_catalogue", version="1.0", label=Lazy("Bad"))
