"""What a record's page says of follow-ups: buttons for what may be opened because of it, and words for the history.

Which rules there are and whom they concern is ``records.following``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from ..errors import NotFound
from ..records import following
from ..records.following import FROM
from ..records.followups import FollowUp, Trigger
from ..words import translator
from . import widgets
from .views import Action

if TYPE_CHECKING:
    from ..records.context import Context
    from .plans import Plan

_ = translator("dougong")

_OPEN = _("Open: {what}")
_BECAUSE = _("Because of: {what} {number}. The two will be linked.")
_BY_RULE = _("{number} · by rule: {trigger} → {opens}")
_NOT_BY_RULE = _("{opens}: the rule “{trigger}” could not fill in all that its form asks for ({fields}). Open it by hand.")


def offered(x: Context[Any], record: Any) -> list[Action]:
    """A button for each record that this person is offered to open because of this one."""
    made = []
    for hit in following.offers(x, record):
        path = x.registry.resources[hit.opens.kind].path
        query = urlencode({FROM: f"{record.kind}:{record.id}"})
        made.append(Action(str(_OPEN.format(what=hit.opens.label)), f"{path}/new?{query}", "plus"))
    return made


@dataclass(frozen=True)
class Begun:
    """How a creation form begins that was opened because of a record.

    :param values: as they stand in its inputs. :param back: where its “cancel” leads.
    """

    origin: str
    values: Mapping[str, str]
    site: UUID
    words: str
    back: str


def begin(x: Context[Any], plan: Plan, origin: str) -> Begun:
    """:raises NotFound: there is no such record for this person, or it gives rise to nothing of this kind."""
    found = following.named(x, origin, plan.kind)
    if found is None:
        raise NotFound()
    record, hit = found
    resource = x.registry.resources[record.kind]
    zone = x.snapshot.sites.zone(record.site_id)
    told = following.told(x, record, hit)
    shapes = plan.create_fields
    values = {n: widgets.typed(shapes[n], value, zone) for n, value in told.items() if n in shapes and value is not None}
    words = _BECAUSE.format(what=resource.record.label, number=record.number)
    return Begun(origin, values, record.site_id, str(words), f"{resource.path}/{record.id}")


def words_of(x: Context[Any]) -> Callable[[Mapping[str, Any]], str]:
    """What an entry of the history says of a record that was opened because of another."""

    def words(said: Mapping[str, Any]) -> str:
        number = str(said.get("number", ""))
        if not said.get("trigger"):
            return number
        installed = frozenset(x.registry.plugins)  # a rule of a module that is off now is still called by its name
        trigger, opens = str(said["trigger"]), str(said["opens"])
        triggers = {one.name: str(one.label) for _module, one in x.registry.contributed(Trigger, installed)}
        follow_ups = {one.name: str(one.label) for _module, one in x.registry.contributed(FollowUp, installed)}
        trigger, opens = triggers.get(trigger, trigger), follow_ups.get(opens, opens)
        if "fields" in said:
            return str(_NOT_BY_RULE.format(trigger=trigger, opens=opens, fields=said["fields"]))
        return str(_BY_RULE.format(number=number, trigger=trigger, opens=opens))

    return words


__all__ = ["Begun", "begin", "offered", "words_of"]
