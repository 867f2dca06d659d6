"""What plugins add to a list: links in its head, and what they do with chosen rows.

Asked once per person and version of the company, without a database (the slot ``list:<kind>``). The query of the list
goes along with each address, but for one that has parameters of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from . import slots
from .listquery import href
from .views import Action

if TYPE_CHECKING:
    from .plans import Plan
    from .requests import Asked

Pairs = Sequence[tuple[str, str]]


def added(asked: Asked, plan: Plan) -> list[Action]:
    """The actions that stand on this list for this person."""
    frame, page = asked.app.frames.of(asked), f"list:{plan.kind}"
    found = frame.slots.get(page)
    if found is None:
        found = frame.slots[page] = slots.standing(asked, page, plan.resource)
    return [one for one in found if isinstance(one, Action)]


def links(asked: Asked, plan: Plan, pairs: Pairs) -> list[Action]:
    """Links: of the whole list as it is looked at."""
    return [_with(one, pairs) for one in added(asked, plan) if not one.post]


def posts(asked: Asked, plan: Plan, pairs: Pairs) -> list[Action]:
    """What is done with chosen rows: posts ``id`` values, or ``all`` with the list's query in the address."""
    return [_with(one, pairs) for one in added(asked, plan) if one.post]


def _with(action: Action, pairs: Pairs) -> Action:
    return action if "?" in action.href else replace(action, href=href(action.href, pairs))
