"""Demo complaints."""
from __future__ import annotations
from typing import Any
from dougong import Context
def fill(x: Context[Any]) -> None: ...
