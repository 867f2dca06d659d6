"""The public test kit, for Dougong itself and for everybody's plugins: ``pip install dougong[testing]``.

Fixtures come by themselves through pytest (``plugin``): ``database``, ``cell``, ``company``, ``other_company``,
``make_company``, ``clock``, ``client``, ``registry``; ``shared_…`` for a whole module of tests. A PostgreSQL starts
once a run and is shared by all xdist workers; each test gets a database of its own in about 30 ms.
``conformance.Conformance`` is a class to inherit: what every plugin has to keep.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .clock import MONDAY, Clock
    from .companies import Company
    from .server import Database

_HOMES = {"Clock": "clock", "MONDAY": "clock", "Company": "companies", "Database": "server"}

__all__ = ["MONDAY", "Clock", "Company", "Database"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
