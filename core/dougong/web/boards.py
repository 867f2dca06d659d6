"""A list as a board: a column for each state (or another choice), a card for each record.

Moving a card is the transition that leads there, or an edit of the field; both judged as anywhere else. What a card
offers is a guess by permission and state; guards speak when it is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from ..choices import Choice
from ..errors import FieldError, Invalid, NotFound
from ..records import actions, reads
from ..words import translator
from . import listquery, looking, rights
from .counting import Counting, many
from .lists import Drawing, Lists, clock, shapes, thumb
from .pages import page
from .plans import Plan
from .requests import read_all, write
from .transitions import back_of, version_of
from .viewmenu import menu
from .views import BoardCard, BoardColumn, BoardMove, BoardPage, Flash, Value
from .work import context, settings_of

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

CARDS = 30  # of a column
_TO = _("{step} → {state}")
_MOVED = _("{number} is now: {state}")


class Boards:
    """The endpoints ``…/board`` and ``…/board/move``."""

    def __init__(self, plan: Plan) -> None:
        board = plan.resource.board
        assert board is not None
        self.plan, self.lists = plan, Lists(plan)
        self.by = board.by or str(plan.resource.state)
        self.moves_state = self.by == plan.resource.state
        shape = plan.fields[self.by]
        self.choices: list[Choice] = list(board.columns or shape.choice or ())
        self.tones = shape.tones
        self.shown = tuple(plan.fields[name] for name in board.shows)

    async def show(self, asked: Asked) -> Response:
        plan, gate = self.plan, asked.gate
        if not gate.scope(plan.resource.permission("read")):
            raise NotFound()
        desk = await looking.desk_of(asked, plan)
        look = looking.resolve(asked, plan, desk, rows=CARDS)
        wanted = self._columns(look)
        settings = settings_of(asked, plan)
        base = replace(look.query, columns=self._names(), limit=CARDS, after="", flags=True)
        listings = [
            reads.listing(plan.resource, gate, replace(base, filters={**base.filters, self.by: (one.value,)}), settings)
            for one in wanted
        ]
        counting = Counting(asked, plan, base.site, states=plan.tab(base.tab))
        *found, counted = await read_all(asked, [*((one.query, one.given) for one in listings), counting.query])
        counts = await counting.told(counted[0])
        drawing = Drawing(self.lists, asked, look, listings[0].sort if listings else "")
        columns = [self._column(asked, drawing, one, rows, counts) for one, rows in zip(wanted, found, strict=True)]
        return page(
            asked, "board.html", self._page(asked, drawing, look, columns, counts), primary=thumb(drawing.actions())
        )

    def _columns(self, look: looking.Look) -> list[Choice]:
        """Those that the filter leaves; a column that cannot hold anything is not drawn."""
        only = {v for k, v in look.pairs if k == self.by}
        return [one for one in self.choices if not only or one.value in only]

    def _names(self) -> tuple[str, ...]:
        resource = self.plan.resource
        names = [self.by, self.plan.title, *resource.badges, *(s.name for s in self.shown)]
        names += [resource.state] if resource.state else []
        names += [name for one in resource.deadlines for name in one.shown]
        return tuple(dict.fromkeys(names))

    def _page(
        self, asked: Asked, drawing: Drawing, look: looking.Look, columns: list[BoardColumn], counts: Mapping[str, int]
    ) -> BoardPage:
        plan, pairs, path = self.plan, drawing.pairs, f"{self.plan.path}/board"
        narrowed = bool(look.query.search or look.query.filters)
        return BoardPage(
            str(plan.label),
            columns,
            listquery.href(path, pairs),
            actions=drawing.actions(),
            tabs=drawing.tabs(counts, path),
            filters=drawing.filters(counts),
            hidden=looking.hidden(pairs, look, plan),
            query=look.query.search,
            clear_href=drawing.clear(path) if narrowed else None,
            notes=[Flash("warn", text) for text in look.notes],
            shapes=shapes(asked, plan, pairs, "board"),
            saved=menu(asked, plan, look, pairs),
        )

    def _column(
        self, asked: Asked, drawing: Drawing, one: Choice, rows: Sequence[Any], counts: Mapping[str, int]
    ) -> BoardColumn:
        more = len(rows) > CARDS
        cards = [self._card(asked, drawing, row) for row in rows[:CARDS]]
        whole = self.moves_state and not (drawing.query.search or drawing.query.filters)
        known = counts.get(f"state.{one.value}") if whole else None
        count = many(known) if known is not None else f"{len(cards)}{'+' if more else ''}"
        rest = listquery.href(self.plan.path, drawing.pairs, **{self.by: one.value}) if more else None
        tone = self.tones.get(one.value, "") if self.moves_state else ""
        return BoardColumn(one.value, str(one.label), tone, cards, count, rest)

    def _card(self, asked: Asked, drawing: Drawing, row: Any) -> BoardCard:
        plan, site = self.plan, row["site_id"]
        zone = drawing.zone(site)
        due = next(
            (d for d in plan.resource.deadlines if row[d.due] is not None and not (d.done and row[d.done])), None
        )
        time = clock(plan, due, row, asked, zone) if due else None
        return BoardCard(
            str(row["id"]),
            f"{plan.path}/{row['id']}",
            row["number"],
            drawing.cell(plan.fields[plan.title], row[plan.title], site, zone).text,
            drawing.tags(row, site, zone),
            [v for v in self._values(drawing, row, site, zone) if v.kind != "empty"],
            time if time and time.tone != "none" else None,
            self._moves(asked, row),
            row["row_version"],
        )

    def _values(self, drawing: Drawing, row: Any, site: Any, zone: Any) -> list[Value]:
        return [drawing.cell(shape, row[shape.name], site, zone) for shape in self.shown]

    def _moves(self, asked: Asked, row: Any) -> list[BoardMove]:
        plan, here = self.plan, rights.stored(row[self.by])
        relations = rights.holding(row, plan.resource.relations)
        path = f"{plan.path}/{row['id']}"
        if not self.moves_state:
            if self.by not in plan.edit_fields or not asked.gate.may(
                plan.resource.permission("edit"), row["site_id"], relations
            ):
                return []
            others = [one for one in self.choices if one.value != here]
            return [BoardMove(str(one.label), one.value, f"{plan.path}/board/move", False) for one in others]
        found = []
        columns = {one.value for one in self.choices}
        for step in rights.permitted(plan, asked.gate, here, row["site_id"], relations):
            for to in step.to:
                if to.value in columns and to.value != here:
                    same = str(step.label) == str(to.label)
                    label = str(step.label if same else _TO.format(step=step.label, state=to.label))
                    found.append(
                        BoardMove(label, to.value, f"{path}/do/{step.name}", bool(plan.asked(step.name)) or step.danger)
                    )
        return found

    async def move(self, asked: Asked) -> Response:
        """Put a card into another column of a field that is not the state."""
        asked.params()
        form, plan = await asked.form(), self.plan
        version, to = version_of(form), form.get("to", "")
        try:
            id = UUID(form.get("id", ""))
        except ValueError:
            raise NotFound() from None
        label = next((str(one.label) for one in self.choices if one.value == to), None)
        if label is None or self.moves_state:
            raise Invalid(errors=(FieldError("to", _("is not one of the possible choices")),))

        def change(session: Any) -> str:
            x = context(asked, session, plan)
            return str(actions.update(plan.resource, id, {self.by: to}, x, version=version).number)

        number = await write(asked, change)
        asked.flash(_MOVED.format(number=number, state=label))
        return RedirectResponse(back_of(plan, form.get("back", "")) or f"{plan.path}/board", 303)
