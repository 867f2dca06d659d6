"""The filters of a list as a person meets them: a few in the bar, all that there are on a page of their own.

The bar holds what the record declares ``filtered`` and whatever is in use; every other field that may be filtered by is one
step away, so that the bar stays calm and the list light. What a filter's words mean is ``filterwords``'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.responses import Response

from ..errors import NotFound
from ..records import clockfilter, periods
from ..records.filters import CLOCK, EMPTY
from ..words import translator
from . import listquery
from .filterwords import ME, RANGES, TIMES
from .pages import page
from .shapes import Shape
from .transitions import speaker_of
from .views import Crumb, Filter, FiltersPage, Option
from .widgets import staff

if TYPE_CHECKING:
    from uuid import UUID

    from .cells_out import Speaker
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

SHOWN = 5  # in the bar, beside those in use
_PAST = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "last-30-days", "this-year")
_DUE = ("yesterday", "today", "tomorrow", "last-week", "this-week", "next-week", "this-month")
_CHOSEN = frozenset({"choice", "state", "vocabulary", "person", "bool", "site"})
_DESK = frozenset({"created_at", "updated_at", "created_by"})
_YES, _NO, _NONE, _ME, _ANY = _("Yes"), _("No"), _("Not set"), _("Me"), _("Any time")
_FROM, _UNTIL = _("from {value}"), _("until {value}")
_CLOCK, _ONE_CLOCK, _CLOCK_IS = _("Time limit"), _("Time limit: {clock}"), _("{clock}: {state}")


class FilterBar:
    """The filters of one list for one person.

    :param pairs: the parameters that hold, as they were written. :param sites: whose people are offered.
    """

    def __init__(
        self, asked: Asked, plan: Plan, pairs: Sequence[tuple[str, str]], sites: Sequence[UUID], speaker: Speaker
    ) -> None:
        self.asked, self.plan, self.sites, self.speaker = asked, plan, sites, speaker
        self.sent: dict[str, list[str]] = {}
        for name, value in pairs:
            if value:
                self.sent.setdefault(name, []).append(value)
        self.due = {d.due for d in plan.resource.deadlines}

    def bar(self, notes: Mapping[str, str] | None = None) -> list[Filter]:
        """The declared ones and those in use. :param notes: small words behind the options of the state."""
        offered = [s for s in self._offered() if s.meta.filtered]
        # What every record has (when it was created) comes after what this one declares.
        offered.sort(key=lambda s: s.name in _DESK)
        shown = [s for n, s in enumerate(offered) if n < SHOWN or self._used(s)]
        shown += [s for s in self._offered() if not s.meta.filtered and self._used(s)]
        found = [self._filter(shape, notes or {}) for shape in shown]
        return [*found[:1], *self._clocks(), *found[1:]]

    def all(self) -> list[Filter]:
        """Every one that can be drawn."""
        found = [self._filter(shape, {}) for shape in sorted(self._offered(), key=lambda s: s.name in _DESK)]
        return [*found[:1], *self._each_clock(), *found[1:]]

    def _clocks(self) -> list[Filter]:
        """One filter for all clocks: how any of them stands; and what is asked of a single one."""
        resource = self.plan.resource
        if not resource.deadlines:
            return []
        chosen = self.sent.get(CLOCK, [])
        states = clockfilter.STATES
        options = [(f"{clockfilter.ANY}:{one}", str(states[one])) for one in clockfilter.offered(resource)]
        for each in resource.deadlines:
            named = ((f"{each.name}:{one}", states[one]) for one in clockfilter.offered(resource, each))
            options += [(v, str(_CLOCK_IS.format(clock=each.label, state=w))) for v, w in named if v in chosen]
        return [_choice(_CLOCK, options, chosen)]

    def _each_clock(self) -> list[Filter]:
        """A filter for any of the clocks, and one for each where there are several."""
        resource = self.plan.resource
        chosen, states = self.sent.get(CLOCK, []), clockfilter.STATES
        if not resource.deadlines:
            return []
        groups = [(str(_CLOCK), clockfilter.ANY, clockfilter.offered(resource))]
        if len(resource.deadlines) > 1:
            groups += [
                (str(_ONE_CLOCK.format(clock=one.label)), one.name, clockfilter.offered(resource, one))
                for one in resource.deadlines
            ]
        return [_choice(label, [(f"{name}:{s}", str(states[s])) for s in found], chosen) for label, name, found in groups]

    def more(self) -> bool:
        """Whether there are any beyond the bar."""
        return len(self._offered()) > SHOWN or any(not s.meta.filtered for s in self._offered())

    def _offered(self) -> list[Shape]:
        """But the site, which the site switcher chooses, and references, which a program may filter by."""
        return [
            s for s in self.plan.filters
            if s.name != "site_id" and (s.kind in RANGES or s.kind in _CHOSEN or s.meta.filtered)
        ]  # fmt: skip

    def _used(self, shape: Shape) -> bool:
        return any(name in self.sent for name in (shape.name, f"{shape.name}.from", f"{shape.name}.to"))

    def _filter(self, shape: Shape, notes: Mapping[str, str]) -> Filter:
        if shape.kind in RANGES:
            return self._range(shape)
        values = self.sent.get(shape.name, [])
        options = [Option(v, label, v in values) for v, label in self._options(shape)]
        if options and (shape.optional or EMPTY in values):
            options.append(Option(EMPTY, str(_NONE), EMPTY in values))
        if shape.name == self.plan.resource.state:
            for option in options:
                option.note = notes.get(option.value, "")
        chosen = [o.label for o in options if o.selected]
        kind = "person" if shape.kind == "person" else "choice" if options else "text"
        value = values[0] if values else ""
        return Filter(shape.name, str(shape.label), kind, options, value, summary=", ".join(chosen) or value)

    def _range(self, shape: Shape) -> Filter:
        first, last = (self.sent.get(f"{shape.name}.{end}", [""])[-1] for end in ("from", "to"))
        word = self.sent.get(shape.name, [""])[-1]
        if shape.kind not in TIMES:
            first, last = first or word.replace(EMPTY, ""), last or word.replace(EMPTY, "")
            made = Filter(shape.name, str(shape.label), "range", value=first, value2=last)
            made.summary = _span(first, last) or (str(_NONE) if word == EMPTY else "")
            return made
        name = periods.named(word) or ""
        if word and not name and word != EMPTY:  # a single day
            first, last = first or word, last or word
        words = [*(_DUE if shape.name in self.due else _PAST)]
        words += [name] if name and name not in words else []
        options = [Option("", str(_ANY), not word)]
        options += [Option(one, str(periods.PERIODS[one]), one == name) for one in words]
        if shape.optional or word == EMPTY:
            options.append(Option(EMPTY, str(_NONE), word == EMPTY))
        summary = _span(first, last) or next((o.label for o in options if o.value and o.selected), "")
        return Filter(shape.name, str(shape.label), "date_range", options, first, last, summary)

    def _options(self, shape: Shape) -> list[tuple[str, str]]:
        if shape.choice:
            return [(m.value, str(m.label)) for m in shape.choice]
        match shape.kind:
            case "choice":
                return [(value, shape.words.get(value, value)) for value in shape.literals]
            case "vocabulary":
                return list(self.speaker.words(shape.meta.vocabulary or "").items())
            case "person":
                found = staff(self.asked.snapshot, [*self.sites], self.asked.now)
                people = sorted(((str(id), name) for id, name in found.items()), key=lambda pair: pair[1])
                return [(ME, str(_ME)), *people]
            case "site":
                return [(str(n.id), n.name) for n in self.asked.snapshot.sites.ordered() if n.id in self.sites]
            case "bool":
                return [("true", str(_YES)), ("false", str(_NO))]
        return []


def _choice(label: object, options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Filter:
    made = [Option(value, words, value in chosen) for value, words in options]
    return Filter(CLOCK, str(label), "choice", made, summary=", ".join(o.label for o in made if o.selected))


def _span(first: str, last: str) -> str:
    if first and last:
        return first if first == last else f"{first} – {last}"
    return str(_FROM.format(value=first) if first else _UNTIL.format(value=last)) if first or last else ""


def sites_of(asked: Asked, plan: Plan) -> list[UUID]:
    """The sites at which this person sees such records, in the order of the tree."""
    scope = asked.gate.scope(plan.resource.permission("read"))
    sites = scope.free.union(*(sites for _name, sites in scope.related))
    return [n.id for n in asked.snapshot.sites.ordered() if n.id in sites]


class AllFilters:
    """The page ``/<module>/<resource>/filters``: everything that the list can be narrowed by, as one form."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def show(self, asked: Asked) -> Response:
        plan = self.plan
        if not asked.gate.scope(plan.resource.permission("read")):
            raise NotFound()
        query = listquery.parse(asked, plan)
        pairs = [(k, v) for k, v in asked.query.multi_items() if v]
        bar = FilterBar(asked, plan, pairs, sites_of(asked, plan), speaker_of(asked, plan))
        filters = bar.all()
        drawn = {f.name for f in filters}
        kept = [(k, v) for k, v in pairs if k.partition(".")[0] not in drawn and k not in ("q", "after", "limit")]
        made = FiltersPage(
            title=str(_("Filters")),
            action=plan.path,
            filters=filters,
            hidden=kept,
            query=query.search,
            crumbs=[Crumb(str(plan.label), listquery.href(plan.path, pairs))],
            cancel=listquery.href(plan.path, pairs),
            clear_href=listquery.href(plan.path, [(k, v) for k, v in kept if k in ("tab", "sort", "site")]),
        )
        return page(asked, "filters.html", made)


__all__ = ["AllFilters", "FilterBar", "sites_of"]
