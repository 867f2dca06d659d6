"""What this module adds to other pages: holds on records, the way to opened values, menu entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, Record, translator
from dougong.views import Action

from . import holds
from .pages import case
from .records import Request
from .roles import ACCESSES, SEARCH, TERMS

_ = translator("dougong_privacy")


def added(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    root = x.snapshot.sites.root
    if page == f"list:{Request.kind}":
        found = [
            (SEARCH, _("Search for a person"), "/privacy/search", "search"),
            (TERMS, _("Terms"), "/privacy/terms", "clock"),
            (ACCESSES, _("Opened values"), "/privacy/accesses", "view"),
        ]
        return [Action(str(label), href, icon) for right, label, href, icon in found if x.gate.may(right, root)]
    if page.startswith("detail:") and isinstance(subject, Record):
        return [
            *(case.beside(subject, x) if isinstance(subject, Request) else ()),
            *holds.beside(subject, x),
            *_log(subject, x),
        ]
    return ()


def _log(record: Record, x: Context[Any]) -> list[Action]:
    if not x.gate.may(ACCESSES, x.snapshot.sites.root):
        return []
    return [Action(str(_("Who opened masked values")), f"/privacy/accesses?record={record.id}", "view")]
