"""The clause matrix: which document answers which clause of a standard, by level, and where nothing does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from dougong import Asked, Context, NotFound, PageRoute, described, harmless, page, translator, write
from dougong.views import Action, Card, CardsPage, Crumb, Empty, Filter, Line, Option, Tab, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from .choices import DocumentState, Level
from .clauses import Standard, read_as
from .records import Document

_ = translator("dougong_quality")

HERE = "/quality/clauses"
MOST = 5_000  # documents looked at
_PATH = "/" + Document.kind.replace(".", "/")
_LIVE = (DocumentState.CURRENT, DocumentState.PREPARING)


@dataclass(slots=True)
class Chip:
    number: str
    title: str
    href: str
    muted: bool  # not in force yet


@dataclass(slots=True)
class Clause:
    clause: str
    title: str
    href: str
    hole: str
    cells: list[list[Chip]]


@dataclass(slots=True)
class MatrixPage:
    """Rows are clauses, columns levels of documents. ``quality/clauses.html`` draws it."""

    title: str
    subtitle: str
    corner: str
    columns: list[str]
    rows: list[Clause]
    crumbs: list[Crumb]
    actions: list[Action]
    tabs: list[Tab]
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    clear_href: str | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class Answers:
    """The documents that count at a site (or everywhere), and which clauses of a standard each answers."""

    key: str
    standard: Standard
    documents: Sequence[Document]
    of: dict[UUID, frozenset[str]]

    def to(self, clause: str) -> list[Document]:
        """Those that answer a clause."""
        return [d for d in self.documents if clause in self.of[d.id]]

    def answered(self, clause: str) -> bool:
        """By a document in force; one that is being prepared answers nothing yet."""
        return any(d.status is DocumentState.CURRENT for d in self.to(clause))

    @property
    def holes(self) -> list[str]:
        return [clause for clause in self.standard.clauses if not self.answered(clause)]


def answers(x: Context[Any], key: str, site: UUID | None = None) -> Answers:
    """What this person may see of it: the documents of a site and of those above it; without a site all.

    :raises NotFound: no such standard.
    """
    known = x.settings_of("quality").standards()
    if key not in known:
        raise NotFound()
    query = x.readable(Document).where(Document.status.in_(_LIVE), Document.answers.is_not(None))
    if site is not None:
        query = query.where(Document.site_id.in_(x.snapshot.sites.ancestors(site)))
    found = x.session.scalars(query.order_by(Document.number).limit(MOST)).all()
    of = {d.id: read_as(known, frozenset((d.answers or "").splitlines()), key) for d in found}
    return Answers(key, known[key], found, of)


def _need(x: Context[Any]) -> None:
    if not x.gate.scope(f"{Document.kind}.read"):
        raise NotFound()


async def show(asked: Asked) -> Response:
    sent = asked.params(("standard", "holes"))

    def load(session: Session) -> MatrixPage:
        x = asked.context(session, "quality")
        _need(x)
        key = sent.get("standard") or next(iter(x.settings.standards()))
        return _page(x, answers(x, key, asked.site), holes=bool(sent.get("holes")), asked=asked)

    return page(asked, "quality/clauses.html", await write(asked, load))


def _query(asked: Asked, **more: str) -> str:
    node = asked.snapshot.sites.get(asked.site) if asked.site else None
    given = {**more, **({"site": node.slug} if node else {})}
    return "&".join(f"{name}={value}" for name, value in given.items() if value)


def _page(x: Context[Any], found: Answers, *, holes: bool, asked: Asked) -> MatrixPage:
    empty_ones = set(found.holes)
    clauses = [c for c in found.standard.clauses if not holes or c in empty_ones]
    rows = [_row(found, clause, clause in empty_ones, asked) for clause in clauses]
    node = x.snapshot.sites.get(asked.site) if asked.site else None
    where = node.name if node else x.snapshot.name
    total = len(found.standard.clauses)
    said = _("{where}: {n} of {total} clauses are answered by a document in force, {holes} are not.").format(
        where=where, n=total - len(empty_ones), total=total, holes=len(empty_ones)
    )
    tabs = [
        Tab(one.name, f"{HERE}?{_query(asked, standard=key)}", None, key == found.key)
        for key, one in x.settings.standards().items()
    ]
    choose = Filter(
        "holes", str(_("Show")), "choice",
        [Option("", str(_("All clauses")), not holes), Option("1", str(_("Holes only")), holes)], "1" if holes else "",
        summary=str(_("Holes only")) if holes else "",
    )  # fmt: skip
    table = Action(str(_("As a table (CSV)")), f"{HERE}.csv?{_query(asked, standard=found.key)}", "export")
    hidden = [("standard", found.key), *([("site", node.slug)] if node else [])]
    return MatrixPage(
        str(_("Clause matrix")), str(said), str(_("Clause")), [str(level.label) for level in Level], rows,
        [Crumb(str(_("Documents")), _PATH), Crumb(str(_("Clause matrix")))], [table], tabs, [choose], hidden,
        f"{HERE}?{_query(asked, standard=found.key)}" if holes else None,
        Empty(str(_("Every clause is answered")), str(_("There is no hole in this standard here."))),
    )  # fmt: skip


def _row(found: Answers, clause: str, hole: bool, asked: Asked) -> Clause:
    chips: dict[Level, list[Chip]] = {level: [] for level in Level}
    for d in found.to(clause):
        preparing = d.status is not DocumentState.CURRENT
        title = f"{d.title}（{d.status}）" if preparing else d.title
        chips[d.level].append(Chip(d.number, title, f"{_PATH}/{d.id}", preparing))
    href = f"{HERE}/{found.key}/{clause}?{_query(asked)}".rstrip("?")
    return Clause(clause, str(found.standard.clauses[clause]), href, str(_("no document")) if hole else "", list(chips.values()))


async def clause(asked: Asked) -> Response:
    """One clause: its documents, and those of the same system that could answer it."""
    asked.params()
    key, number = asked.path_params["standard"], asked.path_params["clause"]

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "quality")
        _need(x)
        found = answers(x, key, asked.site)
        if number not in found.standard.clauses:
            raise NotFound()
        lines = [_line(d) for d in found.to(number)]
        title = f"{found.standard.name} {number} {found.standard.clauses[number]}"
        none = str(_("No document answers this clause yet. Open a document and choose its clauses."))
        crumbs = [Crumb(str(_("Clause matrix")), f"{HERE}?{_query(asked, standard=key)}"), Crumb(number)]
        return CardsPage(title, [Card(str(_("Documents that answer it")), lines, len(lines), empty=none)], crumbs=crumbs)

    return page(asked, "cards.html", await write(asked, load))


def _line(d: Document) -> Line:
    small = " · ".join(str(one) for one in (d.level.label, d.reach.label, d.revision) if one)
    return Line(f"{d.number} {d.title}", small, f"{_PATH}/{d.id}", "doc", Value("text", str(d.status)))


async def table(asked: Asked) -> Response:
    """The matrix as CSV, in UTF-8 with its mark, as spreadsheets of the office read it."""
    sent = asked.params(("standard",))

    def load(session: Session) -> tuple[str, str]:
        x = asked.context(session, "quality")
        _need(x)
        found = answers(x, sent.get("standard") or next(iter(x.settings.standards())), asked.site)
        return found.key, _csv(found)

    key, text = await write(asked, load)
    headers = {"content-disposition": f'attachment; filename="clauses-{key.replace(":", "-")}.csv"', "cache-control": "no-store"}
    return Response(text.encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")


def _csv(found: Answers) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([str(_("Clause")), str(_("Title")), *(str(level.label) for level in Level), str(_("Answered"))])
    for number, title in found.standard.clauses.items():
        mine = found.to(number)
        cells: Iterable[str] = (" ".join(d.number for d in mine if d.level is level) for level in Level)
        said = str(_("yes") if found.answered(number) else _("no"))
        writer.writerow([harmless(text) for text in (number, str(title), *cells, said)])
    return out.getvalue()


async def program(asked: Asked) -> Response:
    """``GET /api/v1/quality/clauses?standard=``: each clause with the documents that answer it."""
    sent = asked.params(("standard",))

    def load(session: Session) -> dict[str, Any]:
        x = asked.context(session, "quality")
        _need(x)
        found = answers(x, sent.get("standard") or next(iter(x.settings.standards())), asked.site)
        rows = [
            {
                "clause": number, "title": str(title), "answered": found.answered(number),
                "documents": [{"id": str(d.id), "number": d.number, "level": d.level.value} for d in found.to(number)],
            }
            for number, title in found.standard.clauses.items()
        ]  # fmt: skip
        return {"standard": found.key, "name": found.standard.name, "clauses": rows}

    return Response(msgspec.json.encode(await write(asked, load)), media_type="application/json")


def _describe() -> Any:
    words = _("Clauses of a standard with the documents that answer them")
    return described(str(words), parameters=[{"name": "standard", "in": "query", "schema": {"type": "string"}}])


ROUTES = (
    PageRoute("clauses", show),
    PageRoute("clauses.csv", table, costly=True),
    PageRoute("clauses/{standard}/{clause}", clause),
    PageRoute("clauses", program, api=True, describes=_describe),
)
