"""Many tasks in one go, as a meeting or a letter gives rise to them: pasted lines, looked through, then assigned all or none; and
the same for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

from dougong import (
    Asked,
    Context,
    Day,
    FieldError,
    Form,
    Invalid,
    Line,
    NotFound,
    PageRoute,
    Problem,
    Prose,
    described,
    once,
    page,
    speaking,
    translator,
    validate,
    with_problem,
    write,
)
from dougong import asked as asking
from dougong.views import Crumb, FormPage, Input, InputTable, Option, Section, TableRow
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from . import lines
from .choices import Source
from .lines import MOST, Row
from .records import Task
from .relations import can_do

_ = translator("dougong_tasks")
HERE, TITLE = "/tasks/minutes", _("Assign from minutes")
CREATE = f"{Task.kind}.create"
HEAD = ("source", "occasion", "reference", "criteria")
CELLS = ("title", "owner_id", "deadline")
Typed = dict[str, str]


class Entry(Form):
    """One task of a request. ``criteria``: instead of those that are said for all."""

    title: Line = asking(_("What is to be done"))
    owner_id: UUID = asking(_("Responsible"))
    deadline: Day = asking(_("Deadline"))
    statement: Prose | None = asking(_("Description"), default=None)
    criteria: Prose | None = asking(_("Done when"), default=None)


class Minutes(Form):
    """The body of a request."""

    site: UUID = asking(_("Site"))
    source: Source = asking(_("Source"), default=Source.MEETING)
    occasion: Line | None = asking(_("Occasion"), default=None)
    reference: Line | None = asking(_("Reference"), default=None)
    criteria: Prose = asking(_("Done when"))
    tasks: Annotated[list[Entry], Field(min_length=1, max_length=MOST)] = asking(_("Tasks"))


def make_many(x: Context[Any], site: UUID, head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    """Assign all of them, or none. :param head: what holds for all. :raises Invalid: with every error of every row, each with the
    path ``tasks.<n>.<field>``."""
    made: list[Task] = []
    errors: dict[str, FieldError] = {}
    for n, row in enumerate(rows):
        try:
            made.append(x.submit(Task, site, {**head, **{name: value for name, value in row.items() if value}}))
        except Invalid as problem:
            own = {e.path: e for e in problem.errors}
            named = {path if path in head and path not in row else f"tasks.{n}.{path}": e for path, e in own.items()}
            errors |= {path: FieldError(path, e.message) for path, e in named.items()}
    if errors:
        raise Invalid(errors=tuple(errors.values()))
    return made


def sites(x: Context[Any]) -> dict[UUID, str]:
    """Where this person may assign tasks, projects first."""
    if not x.gate.scope(CREATE):
        return {}
    found = [n for n in x.snapshot.sites.ordered() if x.gate.may(CREATE, n.id) and x.snapshot.module_on("tasks", n.id)]
    return {n.id: n.name for n in sorted(found, key=lambda n: n.type != "project")}


def doers(x: Context[Any], site: UUID) -> dict[UUID, str]:
    """Who could be given a task at a site, by name; nobody assigns to themselves."""
    found = {p.id: p.name for p in x.snapshot.people.values() if p.id != x.actor and can_do(p.id, site, x)}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def known(x: Context[Any], site: UUID, people: Mapping[UUID, str]) -> dict[str, UUID]:
    """Words for them: names that one of them has alone, and posts, of which the nearest holder is meant."""
    names = list(people.values())
    found = {name: id for id, name in people.items() if names.count(name) == 1}
    for slug, role in x.snapshot.roles.items():
        holders = [one.id for one in x.who(slug, site) if one.id in people]
        for language in ("zh", "en") if holders else ():  # minutes are written in either, whoever reads them in
            with speaking(language):
                found.setdefault(role.label, holders[0])
    return found


# ---- page ----


async def show(asked: Asked) -> Response:
    asked.params(("to",))
    return page(asked, "form.html", await write(asked, lambda s: _first(asked.context(s, "tasks"), {}, None)))


async def look(asked: Asked) -> Response:
    """The lines as rows, with what was recognised; ``add`` and ``remove`` change them."""
    asked.params()
    typed = _typed(await asked.form())

    def load(session: Session) -> FormPage:
        x = asked.context(session, "tasks")
        site = _site(x, typed)
        if "text" in typed:
            people = doers(x, site)
            found = lines.read(typed["text"], known(x, site, people), x.today(site))
            if not found or len(found) > MOST:
                words = _("Write a task a line, up to {n} of them.").format(n=MOST)
                return _first(x, typed, Invalid(errors=(FieldError("text", words),)))
            return _second(x, site, typed, found, None)
        rows = _rows(typed)
        if typed.get("remove"):
            rows = [one for n, one in enumerate(rows) if str(n) != typed["remove"]]
        if "add" in typed and len(rows) < MOST:
            rows.append(Row(""))
        return _second(x, site, typed, rows, None)

    return page(asked, "form.html", await write(asked, load))


async def make(asked: Asked) -> Response:
    """Assign the rows, all or none; without what was left empty altogether."""
    asked.params()
    typed = _typed(await asked.form())
    if "add" in typed or "remove" in typed:
        return await look(asked)

    def work(session: Session) -> int:
        x = asked.context(session, "tasks")
        head = {name: typed[name] for name in HEAD if typed.get(name)}
        count = _count(typed)
        rows = [{name: typed.get(f"tasks.{n}.{name}", "") or None for name in CELLS} for n in range(count)]
        if not rows:
            raise Invalid(errors=(FieldError("", _("There is no task.")),))
        return len(make_many(x, _site(x, typed), head, rows))

    try:
        made = await write(asked, lambda s: once(asked, s, typed, lambda: work(s), form=typed.get("once", "")))
    except Invalid as problem:
        wrong = problem

        def again(session: Session) -> FormPage:
            x = asked.context(session, "tasks")
            return _second(x, _site(x, typed), typed, _rows(typed), wrong)

        return page(asked, "form.html", await write(asked, again), problem.status)
    asked.flash(_("{n} tasks were assigned.").format(n=made))
    return RedirectResponse("/tasks/task", 303)


def _typed(sent: Any) -> Typed:
    return {name: value.replace("\r\n", "\n") for name, value in sent.items() if isinstance(value, str)}


def _site(x: Context[Any], typed: Typed) -> UUID:
    """:raises NotFound: none at which this person may assign."""
    try:
        site = UUID(typed.get("site", ""))
    except ValueError:
        raise NotFound from None
    if site not in sites(x):
        raise NotFound
    return site


def _count(typed: Typed) -> int:
    return next((n for n in range(MOST) if f"tasks.{n}.title" not in typed), MOST)


def _rows(typed: Typed) -> list[Row]:
    """Rows as they were typed; what is no id or day is asked for again."""
    rows = []
    for n in range(_count(typed)):
        cell = {name: typed.get(f"tasks.{n}.{name}", "") for name in CELLS}
        try:
            owner: UUID | None = UUID(cell["owner_id"])
        except ValueError:
            owner = None
        rows.append(Row(cell["title"], owner, lines.day(cell["deadline"], lines.NEVER)))
    return rows


def _first(x: Context[Any], typed: Typed, problem: Problem | None) -> FormPage:
    there = sites(x)
    if not there:
        raise NotFound
    chosen = typed.get("site") or str(next(iter(there)))
    source = typed.get("source") or Source.MEETING.value
    inputs = [
        Input("site", str(_("Site")), "choice", chosen, required=True,
              options=[Option(str(id), name, str(id) == chosen) for id, name in there.items()]),
        Input("source", str(_("Source")), "radios", source, required=True,
              options=[Option(one.value, str(one.label), one.value == source) for one in Source]),
        Input("occasion", str(_("Occasion")), "line", typed.get("occasion", ""), maxlength=200,
              help=str(_("The meeting, the letter or the visit it comes from."))),
        Input("reference", str(_("Reference")), "line", typed.get("reference", ""), maxlength=200,
              help=str(_("Number of the minutes, the letter or the document."))),
        Input("criteria", str(_("Done when")), "prose", typed.get("criteria") or str(USUAL), required=True, maxlength=20_000,
              help=str(_("For all of them; each can be changed afterwards."))),
        Input("text", str(_("Tasks")), "prose", typed.get("text", ""), required=True, maxlength=20_000,
              help=str(_("One a line: what – who – until when. Rows of a spreadsheet can be pasted. Example: {example}").format(
                  example=EXAMPLE))),
    ]  # fmt: skip
    made = FormPage(
        str(TITLE),
        f"{HERE}/look",
        str(_("Look through")),
        [Section("", inputs)],
        crumbs=_crumbs(),
        cancel="/tasks/task",
    )
    return with_problem(made, problem)


USUAL = _("Done as agreed, with a note or photos of the result.")
EXAMPLE = _("Clear the fire lane of block 3, project manager, 2026-12-01")


def _second(x: Context[Any], site: UUID, typed: Typed, rows: Sequence[Row], problem: Problem | None) -> FormPage:
    people = doers(x, site)
    label = {"title": str(_("What is to be done")), "owner_id": str(_("Responsible")), "deadline": str(_("Deadline"))}
    entries = []
    for n, row in enumerate(rows):
        at = f"tasks.{n}."
        chosen = [Option("", "–", row.owner not in people)]
        chosen += [Option(str(id), name, id == row.owner) for id, name in people.items()]
        cells = [
            Input(f"{at}title", label["title"], "line", row.title, required=True, maxlength=200),
            Input(f"{at}owner_id", label["owner_id"], "choice", str(row.owner or ""), required=True, options=chosen),
            Input(f"{at}deadline", label["deadline"], "date", str(row.deadline or ""), required=True),
        ]
        entries.append(TableRow(str(_("Task {n}").format(n=n + 1)), cells, ("remove", str(n))))
    more = ("add", "1", str(_("Add a task"))) if len(rows) < MOST else None
    table = InputTable(str(_("Tasks")), list(label.values()), entries, more)
    open_ = sum(one.owner not in people or one.deadline is None for one in rows)
    said = _("{n} lines need somebody or a day: choose them.").format(n=open_) if open_ and problem is None else ""
    made = FormPage(
        str(TITLE), HERE, str(_("Assign all")), [Section("", [], help=str(said), table=table)], crumbs=_crumbs(), cancel=HERE,
        subtitle=" · ".join(one for one in (sites(x)[site], typed.get("occasion", ""), typed.get("reference", "")) if one),
        hidden=[
            ("once", typed.get("once") or uuid4().hex), ("site", str(site)), *((name, typed.get(name, "")) for name in HEAD)
        ],
    )  # fmt: skip
    return with_problem(made, problem)


def _crumbs() -> list[Crumb]:
    return [Crumb(str(_("Tasks")), "/tasks/task"), Crumb(str(TITLE))]


# ---- programs ----


async def api_make(asked: Asked) -> Response:
    """``POST /api/v1/tasks/minutes``: all of them, or none."""
    asked.params()
    sent = await asked.json()
    body = cast(Minutes, validate(Minutes, sent, None))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, "tasks")
        if body.site not in sites(x):
            raise Invalid(errors=(FieldError("site", _("is no site at which you may assign tasks")),))
        head = body.model_dump(mode="json", include=set(HEAD), exclude_none=True)
        rows = [one.model_dump(mode="json", exclude_none=True) for one in body.tasks]
        return {"tasks": [{"id": str(t.id), "number": t.number} for t in make_many(x, body.site, head, rows)]}

    return JSONResponse(await write(asked, lambda session: once(asked, session, sent, lambda: work(session))), 201)


def _describe() -> Mapping[str, Any]:
    text = {"type": "string"}
    one = {"type": "object", "properties": {"id": {**text, "format": "uuid"}, "number": text}}
    answer = {"type": "object", "properties": {"tasks": {"type": "array", "items": one}}}
    return described(str(TITLE), answer=answer, body=Minutes.model_json_schema(), status=201, repeatable=True)


ROUTES = (
    PageRoute("minutes", show),
    PageRoute("minutes", make, "POST"),
    PageRoute("minutes/look", look, "POST"),
    PageRoute("minutes", api_make, "POST", api=True, describes=_describe),
)
