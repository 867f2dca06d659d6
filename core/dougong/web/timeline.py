"""A record's stream: its history, the entries of its children, comments and files as one, the newest first, with a
heading for each day.

Builds view objects from rows; what this person may not read of a change is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ..records.context import Context
from ..records.following import FAILED, OPENED, ORIGIN
from ..records.journal import BEHALF
from ..records.residents import RESIDENT
from ..records.tables import History
from ..timing.clockwork import ACTION
from ..words import translator
from . import display, gallery, rights
from .cells_out import Speaker
from .clockpanel import only_told
from .plans import Plan
from .shapes import Shape
from .views import Entry, Fact, Tab, Value

if TYPE_CHECKING:
    from ..access.gate import Gate

_ = translator("dougong")

HISTORY = "history"
COMMENTS, FILES = "comments", "files"
MOST = 500

_ARROW = _("{before} → {after}")
_WHAT = _("{what}: {change}")
_DOT = " · "
# Kinds that rules fill in; people fill in words and choices.
_RECKONED = frozenset({"datetime", "date", "bool", "number"})
_CHANGED = _("changed")
_ACTIONS = {
    "create": (_("Created"), "plus"),
    "import": (_("Imported"), "import"),
    "edit": (_("Edited"), "edit"),
    "change": (_("Changed"), "edit"),
    "link": (_("Linked"), "link"),
    "follow_up": (_("Gave rise to"), "link"),
    "follow_up_failed": (_("Could not be opened by rule"), "warn"),
    "origin": (_("Opened because of"), "link"),
    "attach": (_("Files"), "clip"),
    "detach": (_("File removed"), "trash"),
    "comment": (_("Comment"), "chat"),
    "uncomment": (_("Comment removed"), "trash"),
    "erase": (_("Personal values erased"), "trash"),
    "hold_set": (_("Legal hold set"), "lock"),
    "hold_released": (_("Legal hold released"), "lock"),
    "handed_over": (_("Handed over"), "person"),
}
_OTHERS = frozenset({"link", OPENED, FAILED, ORIGIN})  # entries that name another record
_REASONED = frozenset({"erase", "hold_set", "hold_released", "handed_over"})
# What clocks did by themselves, by what their step does (``records.clocks.Step``).
_CLOCKS = {
    "overdue": (_("Overdue: {clock}"), "clock"),
    "late": (_("Overdue: {clock}"), "clock"),
    "escalate": (_("Escalated: {clock}"), "up"),
}
ESCALATES = "escalate"  # a clock's step: where the resource keeps a child of it, the child tells of it
_ACTED, _MOVED = _("Time was up: {clock}"), _("Due time moved with the calendar: {clock}")
_TOLD, _REFUSED = _("Told"), _("Could not be done")
_COMMA = _(", ")
_GROUPS = {"attach": FILES, "detach": FILES, "comment": COMMENTS}
_SOON = dt.timedelta(minutes=5)
_TAKEN_BACK = _("This comment was taken back.")
_RESIDENT = _("Resident")
_REVEALED = _("Opened: {field}")
# Ids say nothing to people; the step's input, or a link, names the record. Structured data has a page of its own.
_WORDLESS = frozenset({"uuid", "record", "location", "json"})


@dataclass(slots=True)
class Stream:
    """Rows of one record, read in one transaction: history, children by kind, files and comments."""

    history: Sequence[Any]
    children: Mapping[str, Sequence[Any]]
    added: gallery.Added


def read(x: Context[Any], plan: Plan, id: Any) -> Stream:
    """The rows; the caller has judged that this person may see the record."""
    history = x.session.scalars(
        sa.select(History)
        .where(History.tenant_id == x.tenant, History.record_kind == plan.kind, History.record_id == id)
        .order_by(History.id.desc())
        .limit(MOST)
    ).all()
    children = {
        kind: x.session.scalars(
            sa.select(child)
            .where(child.tenant_id == x.tenant, child.parent_id == id)
            .order_by(child.at.desc(), child.id.desc())
            .limit(MOST)
        ).all()
        for kind, (child, _shapes) in plan.children.items()
    }
    return Stream(history, children, gallery.read(x, plan, id))


class Drawing:
    """Draws the stream of one record for one person."""

    def __init__(
        self,
        plan: Plan,
        speaker: Speaker,
        zone: ZoneInfo,
        gate: Gate,
        site: UUID,
        relations: frozenset[str],
        shown: gallery.Gallery,
        followed: Callable[[Mapping[str, Any]], str],
    ) -> None:
        self.plan, self.speaker, self.zone, self.gallery = plan, speaker, zone, shown
        self._followed = followed
        self._judge = gate, site, relations

    def _readable(self, shape: Shape) -> bool:
        return rights.seen(shape, *self._judge) == rights.OPEN

    def entries(self, stream: Stream, only: str = "") -> list[Entry]:
        """All entries, or those of one group."""
        children = [(kind, child) for kind, rows in stream.children.items() for child in rows]
        found = [(child.at, True, child.id, self._child(kind, child, stream)) for kind, child in children]
        told = {(child.at, kind) for kind, child in children}
        told |= {(child.at, ESCALATES) for _kind, child in children if child.created_by is None}
        wrote = {(child.at, child.created_by) for _kind, child in children}
        for row in self._worth_telling(stream.history):
            step = self.plan.transitions.get(row.action)
            begun = row.inputs.get("does") if row.action == ACTION else step.adds.kind if step and step.adds else ""
            if (row.at, begun) in told or (entry := self._change(row)) is None:
                continue
            if step is None or (row.at, row.actor_id) not in wrote or self._says(entry, row):
                found.append((row.at, False, row.id, entry))
        # What a step wrote at its moment stands above the step: the registration itself comes last of all.
        found.sort(key=lambda item: item[:3], reverse=True)
        made = _together([entry for _at, _child, _id, entry in found if only in ("", entry.group)])
        self._days(made)
        return made

    def _says(self, entry: Entry, row: Any) -> bool:
        """Whether a step says more than what it wrote."""
        return bool(entry.facts or entry.text or self._moved(row.changes))

    def _worth_telling(self, rows: Sequence[Any]) -> Iterable[Any]:
        """History as this person may read it: comments, and whom clocks have told, are for those who may comment."""
        talks = self.gallery.talks
        return (row for row in rows if talks or (row.action not in ("comment", "uncomment") and not only_told(row)))

    def _days(self, entries: Iterable[Entry]) -> None:
        today, last = self.speaker.now.astimezone(self.zone).date(), None
        for entry in entries:
            day = dt.datetime.fromisoformat(entry.at_iso).date()
            if day != last:
                entry.day, last = display.day_heading(day, today), day

    def _entry(self, title: str, by: Any, at: dt.datetime, icon: str, group: str) -> Entry:
        here = at.astimezone(self.zone)
        return Entry(title, self.speaker.person(by), f"{here:%H:%M}", here.isoformat(), icon, group=group)

    def _clock(self, row: Any) -> Entry:
        """What a clock did: a breach noted, people told, a due time that moved with the calendar."""
        given = row.inputs.get("clock")
        clocks = self.plan.resource.flow.clocks if self.plan.resource.flow else {}
        names = [str(clocks[n].label) for n in ([given] if isinstance(given, str) else given or []) if n in clocks]
        found = _CLOCKS.get(row.inputs.get("does"))
        title, icon = (_MOVED, "clock") if row.inputs.get("why") else found or (_ACTED, "clock")
        entry = self._entry(str(title.format(clock=str(_COMMA).join(names))), row.actor_id, row.at, icon, HISTORY)
        if row.inputs.get("why"):
            entry.facts = self._changes(entry, row.changes, None)
        elif found:
            entry.tone = "bad"
        told = [self.speaker.person(UUID(one)) for one in row.inputs.get("told") or () if self.gallery.talks]
        if told:
            entry.facts.append(Fact(str(_TOLD), Value("text", str(_COMMA).join(map(str, told)))))
        if refused := row.inputs.get("refused"):
            entry.facts.append(Fact(str(_REFUSED), Value("text", str(refused))))
        return entry

    def _late(self, row: Any) -> Entry | None:
        """What the rules wrote by themselves: that a clock was late; None where they only counted."""
        clocks = self.plan.resource.flow.clocks.values() if self.plan.resource.flow else ()
        late = [str(clock.label) for clock in clocks if clock.late in row.changes]
        if not late:
            return None
        title = str(_CLOCKS["late"][0].format(clock=str(_COMMA).join(late)))
        entry = self._entry(title, row.actor_id, row.at, "clock", HISTORY)
        entry.tone = "bad"
        return entry

    def _change(self, row: Any) -> Entry | None:
        """The entry of a row; None: it says nothing to anybody."""
        if row.action == ACTION:
            return self._clock(row)
        if row.action in _OTHERS and not self._there(row.inputs):
            return None
        step = self.plan.flow_steps.get(row.action)
        label, icon = (step.label, step.icon) if step else _ACTIONS.get(row.action, (row.action, "right"))
        if row.action == "reveal":
            shape = self.plan.fields.get(str(row.inputs.get("field")))
            label, icon = _REVEALED.format(field=shape.label if shape else ""), "view"
        entry = self._entry(str(label), row.actor_id, row.at, icon, HISTORY)
        if row.inputs.get(BEHALF) == RESIDENT:
            entry.by = str(_RESIDENT)
        entry.tone = step.tone if step else ""
        self._state(entry, row.changes)
        if not step and row.action in _GROUPS:
            self._added(entry, row)
        elif row.action not in ("create", "import", "reveal"):
            entry.facts = self._changes(entry, row.changes, step)
            if step:
                self._inputs(entry, step, row.inputs)
            elif row.action in _REASONED:
                entry.text = str(row.inputs.get("reason", ""))
            elif row.action == "link":
                entry.text = str(row.inputs.get("number", ""))
            elif row.action in (OPENED, FAILED, ORIGIN):
                entry.text = self._followed(row.inputs)
        if row.action == "change" and not entry.facts and not entry.text and not self._moved(row.changes):
            return self._late(row)
        return entry

    def _there(self, inputs: Mapping[str, Any]) -> bool:
        """Whether the module of the record at the other end is on: one that is off is not spoken of."""
        module, dot, _name = str(inputs.get("kind", "")).partition(".")
        return not dot or module in self.speaker.snapshot.modules

    def _added(self, entry: Entry, row: Any) -> None:
        """What was said or attached."""
        entry.group = _GROUPS[row.action]
        if entry.group == FILES:
            file = self.gallery.file_of(row.inputs.get("file"))
            entry.files = [self.gallery.tile(file, told=True)] if file else []
            return
        said = self.gallery.comment_of(row.inputs.get("comment"))
        if said is None or said.removed_at is not None:
            entry.text = str(_TAKEN_BACK)
            return
        entry.text, entry.remove = said.text, self.gallery.take_back(said)

    def _state(self, entry: Entry, changes: Mapping[str, Any]) -> None:
        """Say the new state in the title: ``转待回访：处理中 → 待回访``."""
        moved = self._moved(changes)
        if moved:
            entry.title = str(_WHAT.format(what=entry.title, change=moved))

    def _moved(self, changes: Mapping[str, Any]) -> str:
        """From which state to which; empty where it stayed."""
        name = self.plan.resource.state
        pair = changes.get(name) if name else None
        if not (name and pair and pair[0] is not None and pair[0] != pair[1]):
            return ""
        before, after = (self.speaker.text(self.plan.fields[name], one, self.zone) for one in pair)
        return str(_ARROW.format(before=before, after=after))

    def _telling(self, shape: Shape, change: Sequence[Any], step: Any) -> bool:
        """Whether a change is worth saying: what people filled in, not what the rules count and reckon from it.

        An edit that moves a due time says so.
        """
        if shape.name == self.plan.resource.state or (shape.kind in _WORDLESS and step):
            return False
        if shape.kind not in _RECKONED or shape.meta.create or shape.meta.edit or (step and shape.name in step.asks):
            return True
        due = any(shape.name == one.due for one in self.plan.resource.deadlines)
        return step is None and due and None not in change

    def _changes(self, entry: Entry, changes: Mapping[str, Any], step: Any) -> list[Fact]:
        facts = []
        asked = [n for n in step.asks if self.plan.fields[n].kind == "prose"] if step else []
        for name, (before, after) in changes.items():
            shape = self.plan.fields.get(name)
            if shape is None or not self._telling(shape, (before, after), step):
                continue
            if shape.kind in _WORDLESS or not self._readable(shape) or _hidden(before) or _hidden(after):
                facts.append(Fact(str(shape.label), Value("text", str(_CHANGED))))
                continue
            if before is None and asked == [name]:  # the one text that the step asked for needs no label
                entry.text = str(after)
                continue
            words = [self._said(shape, one) for one in (before, after)]
            text = words[1] if before is None else str(_ARROW.format(before=words[0], after=words[1]))
            facts.append(Fact(str(shape.label), Value("text", text)))
        return facts

    def _inputs(self, entry: Entry, step: Any, inputs: Mapping[str, Any]) -> None:
        for name, shape in self.plan.asked(step.name).items() if step.name in self.plan.transitions else ():
            value = inputs.get(name)
            if value in (None, "") or _hidden(value) or shape.kind in _WORDLESS:
                continue
            label, words = str(shape.label), self._said(shape, value)
            said = any(fact.label == label and fact.value.text.endswith(words) for fact in entry.facts)
            if said or entry.text == str(value):  # as what it changed
                continue
            if shape.kind == "prose" and not entry.text:
                entry.text = str(value)
            elif shape.kind == "choice":
                entry.by += _DOT + words
            else:
                entry.facts.append(Fact(label, Value("text", words)))

    def _said(self, shape: Shape, value: Any) -> str:
        """A value as the history keeps it (JSON), in words."""
        return self.speaker.text(shape, revived(shape, value), self.zone)

    def _child(self, kind: str, child: Any, stream: Stream) -> Entry:
        declared, shapes = self.plan.children[kind]
        step = next((t for t in self.plan.flow_steps.values() if t.adds is declared), None)
        entry = self._entry(str(declared.label), child.created_by, child.at, step.icon if step else "case", kind)
        entry.tone = step.tone if step else ""
        for name, shape in shapes.items():
            value = getattr(child, name)
            if (
                name in ("at", "created_by")
                or shape.kind in _WORDLESS
                or value is None
                or value == ""
                or value is False
            ):
                continue
            if shape.kind == "person" and value == child.created_by:  # said at its head already
                continue
            if not self._readable(shape):
                if shape.meta.mask:
                    entry.facts.append(Fact(str(shape.label), self.speaker.masked(shape, value)))
                continue
            if shape.kind == "prose" and not entry.text:
                entry.text = str(value)
            elif shape.kind == "choice":
                self._chosen(entry, self.speaker.value(shape, value, self.zone))
            else:
                entry.facts.append(Fact(str(shape.label), self._exact(shape, value)))
        row = next((r for r in stream.history if r.at == child.at and step and r.action == step.name), None)
        if row is not None and row.inputs.get(BEHALF) == RESIDENT:
            entry.by = _DOT.join([str(_RESIDENT), *entry.by.split(_DOT)[1:]])
        moved = self._moved(row.changes) if row is not None else ""
        if moved:
            entry.by += _DOT + moved
        return entry

    def _chosen(self, entry: Entry, value: Value) -> None:
        """A choice stands in the entry's head: what came of it in the title, how it was done behind the person."""
        if value.kind == "tag":
            entry.title = str(_WHAT.format(what=entry.title, change=value.text))
            entry.tone = value.tone if value.tone in ("good", "warn", "bad") else entry.tone
        else:
            entry.by += _DOT + value.text

    def _exact(self, shape: Shape, value: Any) -> Value:
        """A value of the past: its time is a time, not so long ago."""
        if shape.kind == "datetime":
            return Value("datetime", display.stamp(value, self.zone), datetime=value.isoformat())
        return self.speaker.value(shape, value, self.zone)

    def tabs(self, stream: Stream, entries: Sequence[Entry], current: str, address: str) -> list[Tab]:
        """Filters of the stream, those that have something; none where there is nothing to choose."""
        groups: dict[str, int] = {}
        for entry in entries:
            groups[entry.group] = groups.get(entry.group, 0) + 1
        if len(groups) < 2:
            return []
        made = [Tab(str(_("All")), address, len(entries), not current)]
        for kind, (child, _shapes) in self.plan.children.items():
            if kind in groups:
                made.append(Tab(str(child.label), f"{address}?show={kind}", groups[kind], current == kind))
        for group, label in ((COMMENTS, _("Comments")), (FILES, _("Files"))):
            if group in groups:
                made.append(Tab(str(label), f"{address}?show={group}", groups[group], current == group))
        if HISTORY in groups:
            made.append(Tab(str(_("History")), f"{address}?show={HISTORY}", groups[HISTORY], current == HISTORY))
        return made

    def reached(self, stream: Stream) -> dict[str, dt.datetime]:
        """When the record last came into each of its states."""
        name = self.plan.resource.state
        found: dict[str, dt.datetime] = {}
        for row in reversed(stream.history):
            pair = row.changes.get(name) if name else None
            if pair and isinstance(pair[1], str):
                found[pair[1]] = row.at
        return found


def _together(entries: Sequence[Entry]) -> list[Entry]:
    """Files that somebody put to the record one soon after the other are one line, under the last one's time."""
    made: list[Entry] = []
    for entry in entries:
        last = made[-1] if made else None
        if (
            last is not None
            and entry.group == last.group == FILES
            and (entry.title, entry.by) == (last.title, last.by)
            and dt.datetime.fromisoformat(last.at_iso) - dt.datetime.fromisoformat(entry.at_iso) <= _SOON
        ):
            last.files = [*entry.files, *last.files]
        else:
            made.append(entry)
    return made


def _hidden(value: Any) -> bool:
    """A personal value stands in the history as its digest."""
    return isinstance(value, dict) and "digest" in value


def revived(shape: Shape, value: Any) -> Any:
    """A value of the history's JSON as the database has it."""
    if not isinstance(value, str):
        return value
    try:
        match shape.kind:
            case "datetime":
                return dt.datetime.fromisoformat(value)
            case "date":
                return dt.date.fromisoformat(value)
            case "person" | "site":
                return UUID(value)
    except ValueError:  # written by an earlier shape of the field: shown as it stands
        return value
    return value
