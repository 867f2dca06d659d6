"""The list of a resource: tabs with counts, filters, search, sorting, deadlines, pages by cursor.

Two compiled reads in one round of the database, then plain values. What a list holds is judged in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import json
from starlette.responses import Response

from ..errors import NotFound
from ..records import bulk_actions, reads
from ..records.cursors import encode
from ..records.resource import Deadline
from ..words import plural, translator
from . import bulk, display, listquery, looking, rights, standing, viewmenu
from .cells_out import Speaker
from .clockpanel import standing_left
from .counting import Counting, many
from .creation import creatable
from .filterbar import FilterBar
from .pages import page
from .plans import Plan
from .requests import read_all
from .shapes import Shape
from .transitions import speaker_of
from .views import Action, Column, Empty, Filter, Flash, ListPage, Option, Row, Tab, Value
from .work import settings_of

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .requests import Asked

_ = translator("dougong")

_DUE = _("Due")
_ROWS = _("{n} rows"), _("{n} row")
_DESK = frozenset({"created_at", "updated_at", "created_by"})
_NONE_YET = _("Nothing here yet")
_NONE_FOUND = _("Nothing matches")
_NEW = _("New")
_LIST, _BOARD, _CALENDAR = _("List"), _("Board"), _("Calendar")
_ALL_MATCHING = _("All that match, {most} at most")


class Lists:
    """The endpoint ``/<module>/<resource>``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.deadlines = {d.due: d for d in plan.resource.deadlines}
        names = [shape.name for shape in plan.listed]
        if self.deadlines and not any(name in self.deadlines for name in names):
            names.append(next(iter(self.deadlines)))
        badges = set(plan.resource.badges)
        self.columns = tuple(plan.fields[name] for name in names if name not in badges)
        self.badges = tuple(plan.fields[name] for name in plan.resource.badges)

    async def show(self, asked: Asked) -> Response:
        if not asked.gate.scope(self.plan.resource.permission("read")):
            raise NotFound()
        look, rows, counts, found = await self.read(asked)
        drawing = Drawing(self, asked, look, found.sort)
        more = rows[found.limit - 1] if len(rows) > found.limit else None
        following = encode(self.plan.resource, found.sort, more) if more is not None else None
        made = drawing.page(rows[: found.limit], counts, following)
        return page(asked, "list.html", made, primary=thumb(made.actions))

    async def read(self, asked: Asked) -> tuple[looking.Look, list[Any], dict[str, int], reads.Listing]:
        """What is looked at, its rows and the counts: one round to the database, unless the address names a view or this
        process did not know yet what the person has at hand for this list."""
        plan, gate = self.plan, asked.gate
        desk = looking.GUESSES.get(asked, plan.kind)
        named = asked.query.get("view", "")
        if named not in ("", looking.PLAIN) and not any(str(one.id) == named for one in desk.views):
            desk = await looking.desk_of(asked, plan)
        for _try in range(2):
            look = looking.resolve(asked, plan, desk, rows=listquery.PAGE_ROWS)
            query = replace(look.query, page=True)
            found = reads.listing(plan.resource, gate, query, settings_of(asked, plan) if query.filters else None)
            counting = Counting(asked, plan, query.site, states=plan.tab(query.tab))
            rows, counted, standing = await read_all(
                asked, [(found.query, found.given), counting.query, looking.desk_query(asked, plan)]
            )
            now = looking.kept(asked, plan, standing)
            if now == desk:
                break
            desk = now
        return look, rows, await counting.told(counted[0]), found


class Drawing:
    """One list in one person's words."""

    def __init__(self, lists: Lists, asked: Asked, look: looking.Look, sort: str) -> None:
        self.lists, self.plan, self.asked, self.look, self.sort = lists, lists.plan, asked, look, sort
        self.query = look.query
        self.speaker: Speaker = speaker_of(asked, self.plan)
        self.gate: Gate = asked.gate
        self.pairs = looking.pairs_of(asked, look)
        scope = asked.gate.scope(self.plan.resource.permission("read"))
        sites = scope.free.union(*(sites for _name, sites in scope.related))
        self.sites = [n for n in asked.snapshot.sites.ordered() if n.id in sites]
        places = [n for n in self.sites if n.type == "project"] or self.sites
        chosen = asked.snapshot.sites.subtree(asked.site) if asked.site else None
        shown = [n for n in places if chosen is None or n.id in chosen]
        self.columns = [s for s in lists.columns if s.name != "site_id" or len(shown) > 1]
        if look.columns is not None:
            self.columns = [*look.columns]
        self.zones: dict[UUID, ZoneInfo] = {}
        self.bar = FilterBar(asked, self.plan, self.pairs, [n.id for n in self.sites], self.speaker)

    def page(self, rows: Sequence[Any], counts: Mapping[str, int], following: str | None) -> ListPage:
        filters = self.filters(counts)
        narrowed = bool(self.query.search or self.query.filters or self.query.condition)
        made = ListPage(
            title=str(self.plan.label),
            columns=[self._column(shape) for shape in self.columns],
            rows=[self._row(row) for row in rows],
            actions=self.actions(),
            tabs=self.tabs(counts),
            filters=filters,
            filters_href=listquery.href(f"{self.plan.path}/filters", self.pairs) if self.bar.more() else None,
            hidden=looking.hidden(self.pairs, self.look, self.plan),
            query=self.query.search,
            clear_href=self.clear() if narrowed else None,
            next_href=self._next(following),
            first_href=listquery.href(self.plan.path, self.pairs) if self.query.after else None,
        )
        one, many = _ROWS[1], _ROWS[0]
        made.summary = str(plural(one, many, len(rows))) if rows else ""
        made.notes = [Flash("warn", text) for text in self.look.notes]
        made.shapes = shapes(self.asked, self.plan, self.pairs, "list")
        made.saved = viewmenu.menu(self.asked, self.plan, self.look, self.pairs)
        made.columns_href = listquery.href(f"{self.plan.path}/columns", self.pairs)
        made.bulk = bulk.offered(self.asked, self.plan, self.pairs) if rows else []
        made.bulk_all = str(_ALL_MATCHING.format(most=bulk_actions.MOST)) if following and made.bulk else ""
        if not rows:
            made.empty = self._empty(narrowed, made)
        return made

    def clear(self, path: str = "") -> str:
        kept = [(k, v) for k, v in self.pairs if k in ("tab", "sort", "site", "fields")]
        return listquery.href(path or self.plan.path, kept, view=looking.PLAIN if self.look.desk.opening else None)

    def _next(self, following: str | None) -> str | None:
        if following is None:
            return None
        kept = [(k, v) for k, v in self.pairs if k != "after"]
        return f"{self.plan.path}?{urlencode([*kept, ('after', following)])}"

    def actions(self) -> list[Action]:
        more = standing.links(self.asked, self.plan, self.pairs)
        if not creatable(self.asked, self.plan):
            return more
        label = str(self.plan.resource.create_label or _("New: {what}").format(what=self.plan.one))
        tail = f"?site={self.asked.snapshot.sites.node(self.asked.site).slug}" if self.asked.site else ""
        return [*more, Action(label, f"{self.plan.path}/new{tail}", "plus", main=True)]

    def tabs(self, counts: Mapping[str, int], path: str = "", **more: str | None) -> list[Tab]:
        tabs = self.plan.resource.tabs
        current = self.query.tab or (tabs[0].name if tabs else "")
        made = []
        for index, tab in enumerate(tabs):
            named = tab.name if index or self.look.view else None  # a view's own part is not the first one again
            address = listquery.href(path or self.plan.path, self.pairs, tab=named, sort=None, **more)
            count = many(counts[tab.name]) if tab.name in counts else None
            made.append(Tab(str(tab.label), address, count, tab.name == current))
        return made

    # ---- columns and rows ----

    def _column(self, shape: Shape) -> Column:
        due = self.lists.deadlines.get(shape.name)
        up = self.sort.lstrip("-") == shape.name
        other = shape.name if self.sort == f"-{shape.name}" else f"-{shape.name}" if up else shape.name
        sortable = shape.name in self.plan.sorts
        kind = "clock" if due else shape.kind
        role = "title" if shape.name == self.plan.title else "id" if shape.name == "number" else ""
        beside = shape.name in _DESK or (due and shape.name != next(iter(self.lists.deadlines)))
        if beside and self.look.columns is None:  # who chose columns wants to see them
            role = "desk"
        return Column(
            shape.name,
            str(due.label if due else shape.label),
            kind,
            listquery.href(self.plan.path, self.pairs, sort=other) if sortable else None,
            ("descending" if self.sort.startswith("-") else "ascending") if up else "",
            role,
        )

    def zone(self, site: UUID) -> ZoneInfo:
        zone = self.zones.get(site)
        if zone is None:
            zone = self.zones[site] = self.speaker.zone(site)
        return zone

    def _row(self, row: Any) -> Row:
        zone, site = self.zone(row["site_id"]), row["site_id"]
        cells = []
        for shape in self.columns:
            due = self.lists.deadlines.get(shape.name)
            cell = self._clock(due, row, zone) if due else self.cell(shape, row[shape.name], site, zone)
            cells.append(display.coded(cell, row[f"{shape.name}.named"]) if shape.meta.named else cell)
        return Row(
            str(row["id"]),
            f"{self.plan.path}/{row['id']}",
            row["number"],
            cells,
            self.tags(row, site, zone),
        )

    def tags(self, row: Any, site: UUID, zone: ZoneInfo) -> list[Value]:
        """The badges beside the title: those that say more than the usual."""
        found = [self.cell(shape, row[shape.name], site, zone) for shape in self.lists.badges]
        return [t for t in found if t.kind == "tag" and t.tone != "info"]

    def cell(self, shape: Shape, raw: Any, site: UUID, zone: ZoneInfo) -> Value:
        meta = shape.meta
        if meta.mask or meta.reads:
            how = rights.seen(shape, self.gate, site, frozenset())
            if how != rights.OPEN:
                return self.speaker.masked(shape, raw) if how == rights.MASKED else display.EMPTY
        return self.speaker.value(shape, raw, zone)

    def _clock(self, due: Deadline, row: Any, zone: ZoneInfo) -> Value:
        return clock(self.plan, due, row, self.asked, zone)

    # ---- filters ----

    def filters(self, counts: Mapping[str, int]) -> list[Filter]:
        notes = {name[6:]: many(n) for name, n in counts.items() if name.startswith("state.")}
        return [*self._condition(), *self.bar.bar(notes)]

    def _condition(self) -> list[Filter]:
        """What a figure of a report counts, as one more filter that can be taken off."""
        condition = self.query.condition
        if condition is None:
            return []
        text = f"{condition.report.label}: {condition.measure.label}"
        option = Option(dict(self.pairs)["report"], text, True)
        return [Filter("report", str(_("Report")), "choice", [option], option.value, summary=text)]

    def _empty(self, narrowed: bool, made: ListPage) -> Empty:
        if narrowed:
            clear = Action(str(_("Clear search and filters")), made.clear_href or self.plan.path)
            return Empty(str(_NONE_FOUND), str(_("Nothing in this list fits what you search for.")), clear)
        action = next((one for one in made.actions if one.main), None)  # nothing to export where nothing is
        tabs = self.plan.resource.tabs
        if tabs and self.query.tab not in ("", "all"):
            everything = next((t for t in made.tabs if t.href and t.label and not t.current and t.count != "0"), None)
            way = (
                Action(str(_("Show: {part}").format(part=everything.label)), everything.href) if everything else action
            )
            return Empty(str(_NONE_YET), str(_("Nothing stands in this part of the list now.")), way)
        text = (
            _("Records of this kind appear here as soon as the first one is made.")
            if action
            else _("What others make and you may see appears here.")
        )
        return Empty(str(_NONE_YET), str(text), action)


def thumb(actions: Sequence[Action]) -> Action | None:
    """The phone's middle button: the page's one action, in a word that fits under an icon."""
    found = next((one for one in actions if one.main), None)
    return replace(found, label=str(_NEW)) if found and found.icon == "plus" else found


def shapes(asked: Asked, plan: Plan, pairs: Sequence[tuple[str, str]], current: str) -> list[Tab]:
    """The switch between list, board and calendar; what is looked for stays. Empty where there is only the list."""
    offered = [("list", _LIST, plan.path)]
    offered += [("board", _BOARD, f"{plan.path}/board")] if plan.resource.board else []
    offered += [("calendar", _CALENDAR, f"{plan.path}/calendar")] if plan.resource.calendar else []
    if len(offered) == 1:
        return []
    return [Tab(str(label), listquery.href(to, pairs, sort=None), current=name == current) for name, label, to in offered]


def _stands(plan: Plan, due: Deadline, row: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether the record is where a deadline runs, and whether it stands still there."""
    state = rights.stored(row[plan.resource.state]) if plan.resource.state else ""
    return not due.states or any(state == s.value for s in due.states), any(state == s.value for s in due.pauses)


def runs(plan: Plan, due: Deadline, row: Mapping[str, Any]) -> bool:
    """Whether a deadline of a row counts now: it is set, not met, and neither elsewhere nor held."""
    if row[due.due] is None or (due.done and row[due.done] is not None):
        return False
    return _stands(plan, due, row) == (True, False)


def clock(plan: Plan, due: Deadline, row: Mapping[str, Any], asked: Asked, zone: ZoneInfo) -> Value:
    """A deadline of a row."""
    running, paused = _stands(plan, due, row)
    late = bool(due.late and row[due.late])
    done, left = row[due.done] if due.done else None, None
    if paused and done is None and row[due.due] and due.held and row[due.held]:
        left = standing_left(asked.snapshot, row["site_id"], json.decode(row[due.held]), row[due.due])
    return display.deadline(row[due.due], done, running, asked.now, zone, late=late, paused=paused, left=left)
