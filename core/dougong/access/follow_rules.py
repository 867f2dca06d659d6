"""Single changes of a company's rules of what gives rise to what. They lie in the company's own settings, with their history."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..errors import Conflict, NotFound
from ..tenancy.follow_rules import MOST_RULES, FollowRule
from ..tenancy.settings import CoreSettings
from ..words import translator
from .roles import CORE

if TYPE_CHECKING:
    from .desk import Desk

_ = translator("dougong")


def id_of(rule: FollowRule) -> str:
    """A short name of a rule for addresses: of what it says, without how."""
    said = "\n".join((rule.trigger, rule.value, rule.opens))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def put_rule(desk: Desk, rule: FollowRule) -> None:
    """Add a rule, or change how the same one goes. :raises Conflict: there are as many as a company may have."""
    held = _held(desk)
    known = [id_of(one) for one in held]
    if id_of(rule) in known:
        held[known.index(id_of(rule))] = rule
    elif len(held) >= MOST_RULES:
        raise Conflict(_("There are {n} rules already. Take one away first.").format(n=MOST_RULES))
    else:
        held.append(rule)
    _store(desk, held)


def drop_rule(desk: Desk, id: str) -> None:
    """Take a rule away. :raises NotFound: there is none."""
    held = _held(desk)
    kept = [one for one in held if id_of(one) != id]
    if len(kept) == len(held):
        raise NotFound
    _store(desk, kept)


def _held(desk: Desk) -> list[FollowRule]:
    from .configure import stored

    return [*stored(desk, CORE, CoreSettings).follow_ups]


def _store(desk: Desk, rules: list[FollowRule]) -> None:
    from .configure import change_settings, stored

    held = stored(desk, CORE, CoreSettings).model_copy(update={"follow_ups": tuple(rules)})
    change_settings(desk, CORE, held.model_dump(mode="json"))
