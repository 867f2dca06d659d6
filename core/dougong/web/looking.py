"""What somebody looks at: the address of a list, the saved view that it names, the columns that they chose.

Shared by list, board and calendar, and by what is done to "all that match". Reads nothing; draws nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..errors import BadRequest, Invalid
from ..records import reads, savedviews
from ..records.filters import parse as check_filters
from ..words import translator
from . import listquery
from .requests import read
from .work import settings_of

if TYPE_CHECKING:
    from .plans import Plan
    from .requests import Asked
    from .shapes import Shape

_ = translator("dougong")

PLAIN = "-"  # ``?view=-``: the list as it is declared, though the company opens it with a view
_BESIDE = frozenset({"view", "after", "limit", "site"})  # parameters that say nothing of what is looked for
_REMEMBERED = 4096
_OWN_WORDS = {"tab": _("Part"), "q": _("Search"), "sort": _("Sort"), "clock": _("Time limit")}
_LEFT_OUT = _("The view “{view}” holds what is no longer known here and was left out: {names}.")


@dataclass(slots=True)
class Look:
    """A list as it is looked at.

    :ivar query: ready for ``reads``. :ivar pairs: the parameters that hold, a view's own included.
    :ivar columns: the shapes shown; None: as the list declares. :ivar changed: the view's query is not the view's any more.
    :ivar notes: what has to be said about it.
    """

    query: reads.ListQuery
    pairs: list[tuple[str, str]]
    desk: savedviews.Desk
    view: savedviews.View | None = None
    columns: tuple[Shape, ...] | None = None
    changed: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What every link of the page carries: the view too, or that there is none though one would open."""
        if self.view is not None:
            return [("view", str(self.view.id)), *self.pairs]
        return [("view", PLAIN), *self.pairs] if self.desk.opening else [*self.pairs]


def resolve(asked: Asked, plan: Plan, desk: savedviews.Desk, *, rows: int, also: Sequence[str] = ()) -> Look:
    """What this address means for this person.

    :param also: parameters that the page itself takes.
    :raises NotFound: a view that is not theirs. :raises BadRequest, Invalid: as ``listquery.parse``.
    """
    sent = [(k, v) for k, v in asked.query.multi_items() if v]
    named = next((v for k, v in sent if k == "view"), "")
    own = [(k, v) for k, v in sent if k not in _BESIDE and k not in also]
    view = desk.view(named) if named and named != PLAIN else None
    if view is None and not named and not own:
        view = desk.opening
    pairs, notes = (own, []) if own or view is None else usable(asked, plan, view)
    beside = [(k, v) for k, v in sent if k in ("after", "limit")]
    unknown = [(k, v) for k, v in asked.query.multi_items() if k not in plan.parameters[1] and k != "month"]
    query = listquery.parse(asked, plan, rows=rows, pairs=[*pairs, *beside, *unknown])
    names = query.columns or (view.columns if view else None) or desk.columns
    known = listquery.choosable(plan, asked.gate) if names else {}
    columns = tuple(known[name] for name in names or () if name in known) or None
    if (
        view is not None
        and view.columns
        and not query.columns
        and (lost := [n for n in view.columns if n not in known])
    ):
        notes = [*notes, str(_LEFT_OUT.format(view=view.name, names=", ".join(lost)))]
    if columns is not None:
        query = replace(query, columns=needed(plan, columns))
    changed = view is not None and bool(own) and sorted(own) != sorted(view.query)
    return Look(query, pairs, desk, view, columns, changed, notes)


def needed(plan: Plan, columns: Sequence[Shape]) -> tuple[str, ...]:
    """The fields to select for these columns: what title, badges, state and the deadlines among them need too."""
    resource = plan.resource
    names = [*(shape.name for shape in columns), plan.title, *resource.badges]
    names += [resource.state] if resource.state else []
    shown = {shape.name for shape in columns}
    names += [name for one in resource.deadlines if one.due in shown for name in one.shown]
    return tuple(dict.fromkeys(names))


def usable(asked: Asked, plan: Plan, view: savedviews.View) -> tuple[list[tuple[str, str]], list[str]]:
    """What of a view's query this version and this company still know, and what to say of the rest."""
    known, tabs = plan.parameters[1], {*plan.tabs, "all"}
    pairs = [
        (k, v)
        for k, v in view.query
        if k in known
        and k not in _BESIDE
        and not (k == "tab" and v not in tabs)
        and not (k == "sort" and v not in plan.sorts)
    ]
    for _try in range(2):
        try:
            query = listquery.parse(asked, plan, pairs=pairs)
            check_filters(plan.resource, query.filters, settings_of(asked, plan))
            break
        except Invalid as wrong:
            bad = {error.path.partition(".")[0] for error in wrong.errors}
            pairs = [(k, v) for k, v in pairs if k.partition(".")[0] not in bad]
        except BadRequest:
            pairs = [(k, v) for k, v in pairs if k in ("tab", "sort", "q")]
    lost = dict.fromkeys(words_of(plan, k) for k, v in view.query if (k, v) not in pairs)
    return pairs, [str(_LEFT_OUT.format(view=view.name, names=", ".join(lost)))] if lost else []


def words_of(plan: Plan, name: str) -> str:
    shape = plan.fields.get(name.partition(".")[0])
    return str(shape.label) if shape else str(_OWN_WORDS.get(name, name))


class Guesses:
    """What people had at hand for a list when they last looked: so that a list is one round to the database. Only a guess:
    the round itself says what holds."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[UUID, UUID, str], savedviews.Desk] = OrderedDict()

    def get(self, asked: Asked, kind: str) -> savedviews.Desk:
        return self._known.get(self._key(asked, kind), savedviews.NOTHING)

    def keep(self, asked: Asked, kind: str, desk: savedviews.Desk) -> None:
        key = self._key(asked, kind)
        if desk == savedviews.NOTHING:
            self._known.pop(key, None)
            return
        self._known[key] = desk
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _key(self, asked: Asked, kind: str) -> tuple[UUID, UUID, str]:
        person = asked.gate.person
        return asked.snapshot.tenant, person.id if person else asked.snapshot.tenant, kind


GUESSES = Guesses()


def desk_query(asked: Asked, plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The read that says what a person has at hand, for ``read_all``."""
    return savedviews.reading(), savedviews.asking(asked.gate, plan.kind)


async def desk_of(asked: Asked, plan: Plan) -> savedviews.Desk:
    """What this person has at hand for a list, from the database."""
    query, given = desk_query(asked, plan)
    return kept(asked, plan, await read(asked, query, **given))


def kept(asked: Asked, plan: Plan, rows: Sequence[Any]) -> savedviews.Desk:
    """The desk that was read, remembered as the next guess."""
    found = savedviews.desk_of(rows)
    GUESSES.keep(asked, plan.kind, found)
    return found


def pairs_of(asked: Asked, look: Look) -> list[tuple[str, str]]:
    """What the page's links carry: site, view, and all that is looked for."""
    site = [("site", asked.snapshot.sites.node(asked.site).slug)] if asked.site else []
    return [*site, *look.kept]


def hidden(pairs: Sequence[tuple[str, str]], look: Look, plan: Plan) -> list[tuple[str, str]]:
    """What the filter form sends along. With a view it names the part of the list too, so that a form without any
    condition left means that, and not the view's own again."""
    found = [(k, v) for k, v in pairs if k in ("tab", "sort", "site", "view", "fields")]
    if look.view is not None and not any(k == "tab" for k, _v in found):
        found.append(("tab", plan.tab("")))
    return found


async def of_api(asked: Asked, plan: Plan) -> reads.ListQuery:
    """The API's query where it names a view: the view's conditions, unless the address has its own."""
    look = resolve(asked, plan, await desk_of(asked, plan), rows=listquery.ROWS)
    columns = tuple(shape.name for shape in look.columns) if look.columns else None
    asks = any(k == "fields" for k, _v in look.pairs) or (look.view is not None and look.view.columns)
    return replace(look.query, columns=columns if asks else None)
