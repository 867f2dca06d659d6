"""Documents of a demo company."""
from typing import Any


def fill(x: Any) -> None: ...
