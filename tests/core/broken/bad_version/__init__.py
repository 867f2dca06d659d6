"""Its requirement cannot be read."""

from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="bad_version", version="1.0", label=Lazy("Bad"), requires=("complaints at least 1",))
