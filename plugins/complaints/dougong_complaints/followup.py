"""Follow-up page."""
from __future__ import annotations
from dougong import PageRoute
ROUTES: tuple[PageRoute, ...] = ()
