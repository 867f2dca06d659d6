"""Has a name that cannot be a schema."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="Bad-Name", version="1.0", label=Lazy("Bad"))
