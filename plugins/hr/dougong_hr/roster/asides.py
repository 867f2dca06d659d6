"""What the roster adds to pages: one's next shifts on the start page and in the menu, the month at its roster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dougong import Context, translator
from dougong.views import Action, AsideCard, Card, Line, MenuItem

from . import cells, own, pages, warnings
from .records import Roster, Swap
from .resources import GROUP

_ = translator("dougong_hr")
_NEXT = 4  # days of the card on the start page


def beside(page: str, subject: Any, x: Context[Any]) -> Iterator[Any]:
    """Cards and actions for a page."""
    if page == "shell" and x.gate.scope(f"{Swap.kind}.agree"):
        yield MenuItem(str(own.TITLE), own.MINE, "cal", group=str(GROUP))
    if page == "home" and x.actor is not None and x.gate.scope(f"{Swap.kind}.agree"):
        found = [*own.swaps(x), *own.lines(x, _NEXT)]
        if found:
            yield Card(str(own.TITLE), found[:5], count=None, more=Action(str(_("All of them")), own.MINE))
    if page == f"detail:{Roster.kind}":
        yield Action(str(_("The month on one page")), pages.href(subject), "cal", main=True)
        yield from _judged(subject, x)


def _judged(roster: Roster, x: Context[Any]) -> Iterator[AsideCard]:
    if not x.gate.may(pages.EDIT, roster.site_id, frozenset({"mine"})):
        return
    found = warnings.find(x, roster, cells.staff(x, roster), cells.shifts(x, roster.site_id))
    lines = [Line(one.text, icon="warn") for one in found[:12]]
    text = "" if found else str(_("Nothing speaks against it."))
    yield AsideCard(str(_("Warnings ({n})").format(n=len(found))), lines=lines, text=text)
