"""The registry."""

from __future__ import annotations

from .manifest import Failure, Loaded


class Registry:
    """Modules that stand."""

    def __init__(self) -> None:
        self.modules: dict[str, Loaded] = {}
        self.failures: list[Failure] = []
