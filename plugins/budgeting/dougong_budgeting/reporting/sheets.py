"""Two pages that are read: how a shared cost is divided, before and after it is posted, and the sheet that owners are given.
The same for programs, and the sheet on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources as files
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, Context, PageRoute, Paper, described, page, stamp, translator, write
from dougong.views import Action, Crumb, FigureCell, FigureHeading, FigureRow, FigureTable
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from ..planning.choices import FeeMode
from ..planning.reading import exact, yuan
from ..spending.naming import named
from ..spending.records import Balance
from ..spending.resources import actual as actual_resource
from . import disclosing, telling
from .allocating import Bears, bearers, may_divide, parts_of
from .allocating import distribute as distribute_step
from .choices import PUBLIC, AllocationState
from .reckoning import YEAR
from .records import Allocation, Disclosure
from .resources import allocation as allocation_resource
from .resources import disclosure as disclosure_resource

_ = translator("dougong_budgeting")
X = Context[Any]
MODULE = "budgeting"


@dataclass(slots=True)
class SheetPage:
    """A page of tables with a sentence above and words beside. ``words``: label and text."""

    title: str
    subtitle: str
    finding: str
    crumbs: list[Crumb]
    actions: list[Action]
    tables: list[FigureTable]
    words: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warning: str = ""


# ---- how a cost is divided ----


def _division(a: Allocation, x: X) -> tuple[list[tuple[Bears, Any]], int]:
    """Who bears how much, with the actual that says so where it is posted: of the sites whose figures this person may see; and
    how many others there are."""
    if a.status in (AllocationState.DRAFT, AllocationState.DROPPED):
        every: list[tuple[Bears, UUID | None]] = [(one, None) for one in bearers(a, x)]
    else:
        every = [(Bears(one.site_id, one.weight, one.amount), one.actual_id) for one in parts_of(a, x)]
    seen = x.gate.scope(actual_resource.permission("read")).free
    mine = [(one, id) for one, id in every if one.site in seen]
    return mine, len(every) - len(mine)


def _free(a: Allocation, x: X, sites: list[Any]) -> dict[Any, tuple[int, str]]:
    """What the account has left at sites, and what it does at its limit; the caller answers for who may know."""
    rows = x.session.execute(
        sa.select(Balance.site_id, Balance.approved - Balance.committed - Balance.spent, Balance.stop).where(
            Balance.tenant_id == x.tenant, Balance.year == a.posted_on.year, Balance.period == YEAR,
            Balance.account == a.account, Balance.site_id.in_(sites),
        )
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def _dividing(asked: Asked, session: Session) -> SheetPage:
    asked.params()
    x = asked.context(session, MODULE)
    a = x.get(Allocation, asked.uuid())
    found, others = _division(a, x)
    draft = a.status is AllocationState.DRAFT
    free = _free(a, x, [one.site for one, _id in found]) if draft else {}
    whole = sum(one.weight or 0 for one, _id in found)
    table = _division_table(a, found, free, whole, x)
    made = SheetPage(
        a.title, f"{a.number}　{a.status.label}　{named(x, a.account)}", "",
        [Crumb(str(allocation_resource.label), allocation_resource.path),
         Crumb(a.number, f"{allocation_resource.path}/{a.id}"), Crumb(str(_("How it is divided")))],
        [], [table] if found else [],
    )  # fmt: skip
    summed = sum(one.amount for one, _id in found)
    made.finding = str(
        _("{amount} yuan over {n} sites, by: {key}.").format(
            amount=yuan(a.amount), n=len(found), key=a.divided_by.label
        )
    )
    if draft:
        made.warning = "" if others else _stops(a, [one for one, _id in found], free, summed, x)
        if (
            found
            and summed
            and may_divide((one for one, _id in found), x)
            and x.gate.may(distribute_step.permission, a.site_id)
        ):
            href = f"{allocation_resource.path}/{a.id}/do/{distribute_step.name}"
            made.actions.append(Action(str(distribute_step.label), href, "check", main=not made.warning))
    made.notes.append(
        str(_("Parts are whole fen; what is left over by rounding goes to those with the largest remainder."))
    )
    return made


def _stops(a: Allocation, found: list[Bears], free: Mapping[Any, tuple[int, str]], summed: int, x: X) -> str:
    """What would refuse it, in words; empty: nothing that can be seen from here."""
    if not found:
        return str(_("No site below has a budget of {year}, or none has a share.").format(year=a.posted_on.year))
    if unknown := [one.site for one in found if one.weight is None]:
        said = _("Nobody has said the key of these sites: {sites}. Say it, or divide by fixed shares.")
        return str(said.format(sites=_named(unknown, x)))
    if not summed:
        return str(_("Every site's share is 0."))
    over = [
        one.site for one in found
        if one.amount and one.site in free and free[one.site][1] == "hard" and one.amount > free[one.site][0]
    ]  # fmt: skip
    return (
        str(_("More than the account has left, and its stop is hard: {sites}").format(sites=_named(over, x)))
        if over
        else ""
    )


def _named(sites: Sequence[UUID], x: X) -> str:
    return str(_(", ")).join(x.snapshot.sites.node(one).name for one in sites[:20])


def _division_table(
    a: Allocation, found: list[tuple[Bears, Any]], free: Mapping[Any, tuple[int, str]], whole: int, x: X
) -> FigureTable:
    heads = [_("Site"), a.divided_by.label, _("Share"), _("Part (yuan)")]
    if free:
        heads.append(_("Left of the account after it"))
    made = FigureTable(str(_("Sites")), [FigureHeading(str(one)) for one in heads], [])
    for one, id in found:
        cells = [
            FigureCell("–" if one.weight is None else _key(a, one.weight), bad=one.weight is None),
            FigureCell(f"{one.weight * 100 / whole:.2f}%" if whole and one.weight is not None else "–", soft=True),
            FigureCell(exact(one.amount), f"{actual_resource.path}/{id}" if id is not None else None),
        ]
        if free:
            left = free[one.site][0] - one.amount if one.site in free else None
            cells.append(FigureCell("–" if left is None else exact(left), bad=left is not None and left < 0))
        made.rows.append(FigureRow(x.snapshot.sites.node(one.site).name, None, cells))
    sums = [
        FigureCell(_key(a, whole)),
        FigureCell("100%" if whole else "–"),
        FigureCell(exact(sum(b.amount for b, _i in found))),
    ]
    made.total = FigureRow(
        str(_("Together")), None, [*sums, *([FigureCell("–", soft=True)] if free else [])], strong=True
    )
    return made


def _key(a: Allocation, weight: int) -> str:
    return exact(weight) if a.divided_by.value == "income" else f"{weight:,}"


async def dividing(asked: Asked) -> Response:
    """``GET /budgeting/dividing/{id}``."""
    return page(asked, "budgeting/sheet.html", await write(asked, lambda session: _dividing(asked, session)))


async def dividing_told(asked: Asked) -> Response:
    """``GET /api/v1/budgeting/dividing/{id}``."""

    def load(session: Session) -> dict[str, Any]:
        asked.params()
        x = asked.context(session, MODULE)
        a = x.get(Allocation, asked.uuid())
        parts = [
            {"site": str(one.site), "weight": one.weight, "amount": one.amount, "actual": str(id) if id else None}
            for one, id in _division(a, x)[0]
        ]
        return {"amount": a.amount, "divided_by": a.divided_by.value, "parts": parts}

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


# ---- what owners are told ----


def _told_page(asked: Asked, session: Session) -> SheetPage:
    asked.params()
    x = asked.context(session, MODULE)
    d = x.get(Disclosure, asked.uuid())
    told = disclosing.told(d, x)
    actions = [Action(str(_("Approval and history")), f"{disclosure_resource.path}/{d.id}", "doc")]
    if x.snapshot.module_on("papers"):
        paper = f"/papers/{Disclosure.kind.replace('.', '/')}/{d.id}/{PAPER.name}.pdf"
        actions.append(Action(str(PAPER.label), paper, "print", main=True))
    made = SheetPage(
        d.title, f"{x.snapshot.sites.node(d.site_id).name}　{_standing(d, x)}", _finding(told),
        [Crumb(str(disclosure_resource.label), disclosure_resource.path), Crumb(d.title)], actions, telling.tables(told),
        _words(d), _law(told),
    )  # fmt: skip
    if told["unassigned"] and d.status not in PUBLIC:
        words = _("Say of these accounts where they stand on the owners' sheet: {codes}")
        made.warning = str(words.format(codes=str(_(", ")).join(told["unassigned"][:20])))
    return made


def _standing(d: Disclosure, x: X) -> str:
    version = str(_("Version {n}").format(n=d.version))
    if d.published_at is None:
        return f"{version}　{d.status.label}"
    day = d.published_at.astimezone(x.snapshot.sites.zone(d.site_id)).date()
    said = str(_("published on {day}").format(day=day))
    return f"{version}　{said}" if d.status.value == "published" else f"{version}　{said}　{d.status.label}"


def _finding(told: Mapping[str, Any]) -> str:
    common, funds = telling.left(told)
    said = str(
        _("Common parts earned {amount} yuan after their cost, which are the owners'.").format(amount=yuan(common))
    )
    if funds is None:
        return said
    kept = (
        _("Of the service funds {amount} yuan are left.") if funds >= 0 else _("The service funds lack {amount} yuan.")
    )
    return str(_("{one} {other}").format(one=kept.format(amount=yuan(abs(funds))), other=said))


def _words(d: Disclosure) -> list[tuple[str, str]]:
    pairs = (
        (_("What was corrected"), d.correction), (_("Services, standards and charges"), d.services),
        (_("Use of the repair fund"), d.repairs), (_("Explanation"), d.words),
    )  # fmt: skip
    return [(str(label), text) for label, text in pairs if text]


def _law(told: Mapping[str, Any]) -> list[str]:
    if told["mode"] == FeeMode.LUMP.value:
        mode = _("Lump sum: gain and loss of the service are the company's (物业服务收费管理办法 Art. 9).")
    else:
        mode = _(
            "Commission: what is left or lacking of the service funds is the owners' (物业服务收费管理办法 Art. 9, 11, 12)."
        )
    common = _("What is earned with common parts is the owners', after its reasonable cost (民法典 Art. 282, 943).")
    return [str(mode), str(common)]


async def sheet(asked: Asked) -> Response:
    """``GET /budgeting/told/{id}``."""
    return page(asked, "budgeting/sheet.html", await write(asked, lambda session: _told_page(asked, session)))


async def sheet_told(asked: Asked) -> Response:
    """``GET /api/v1/budgeting/told/{id}``."""

    def load(session: Session) -> dict[str, Any]:
        asked.params()
        x = asked.context(session, MODULE)
        d = x.get(Disclosure, asked.uuid())
        told = disclosing.told(d, x)
        common, funds = telling.left(told)
        items = [{"item": name, "planned": pair[0], "actual": pair[1]} for name, pair in told["items"].items()]
        return {
            "year": d.year, "first": d.first, "until": d.until, "version": d.version, "fee_mode": told["mode"],
            "items": items, "left_of_common_parts": common, "left_of_funds": funds,
        }  # fmt: skip

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


# ---- on paper ----


def form() -> str:
    return files.files(__package__).joinpath("sheet.typ").read_text("utf-8")


def gather(d: Disclosure, x: X) -> Mapping[str, Any]:
    """Words of the sheet; before it is published its state stands across it."""
    told = disclosing.told(d, x)
    made: dict[str, Any] = {
        "title": d.title,
        "site": x.snapshot.sites.node(d.site_id).name,
        "heading": d.title,
        "days": _days(d),
        "facts": [
            [str(_("Fee mode")), str(d.fee_mode.label if d.fee_mode else "–")], [str(_("Version")), str(d.version)],
            [str(_("Published at")), stamp(d.published_at, x.snapshot.sites.zone(d.site_id)) if d.published_at else "–"],
        ],
        "finding": _finding(told),
        "tables": [_printed(one) for one in telling.tables(told)],
        "words": [list(one) for one in _words(d)],
        "notes": _law(told),
        "signatures": [str(_("Property company (seal)")), str(_("Date"))],
    }  # fmt: skip
    return made if d.status in PUBLIC else {**made, "watermark": str(d.status.label)}


def _days(d: Disclosure) -> str:
    return str(_("Months {first} to {until} of {year}").format(first=d.first, until=d.until, year=d.year))


def _printed(table: FigureTable) -> dict[str, Any]:
    rows = [*table.rows, *([table.total] if table.total else [])]
    return {
        "title": table.title,
        "head": [one.label for one in table.headings],
        "rows": [{"strong": one.strong, "cells": [one.label, *(cell.text for cell in one.cells)]} for one in rows],
    }


PAPER = Paper("sheet", Disclosure.kind, _("Owners' sheet (PDF)"), form, gather)

_FEN = {"type": "integer", "description": "fen"}


def _describe_dividing() -> Mapping[str, Any]:
    part = {"site": {"type": "string", "format": "uuid"}, "weight": {"type": ["integer", "null"]}, "amount": _FEN}
    actual = {"type": ["string", "null"], "format": "uuid"}
    answer = {
        "type": "object",
        "properties": {
            "amount": _FEN,
            "divided_by": {"type": "string"},
            "parts": {"type": "array", "items": {"type": "object", "properties": {**part, "actual": actual}}},
        },
    }
    return described(str(_("What each site bears of a shared cost")), answer=answer)


def _describe_told() -> Mapping[str, Any]:
    item = {"item": {"type": "string"}, "planned": _FEN, "actual": _FEN}
    answer = {
        "type": "object",
        "properties": {
            **{name: {"type": "integer"} for name in ("year", "first", "until", "version")},
            "fee_mode": {"type": "string"},
            "items": {"type": "array", "items": {"type": "object", "properties": item}},
            "left_of_common_parts": _FEN,
            "left_of_funds": {"type": ["integer", "null"], "description": "fen; null: lump sum"},
        },
    }
    return described(str(_("What owners are told of a site's months")), answer=answer)


ROUTES = (
    PageRoute("dividing/{id}", dividing),
    PageRoute("dividing/{id}", dividing_told, api=True, describes=_describe_dividing),
    PageRoute("told/{id}", sheet),
    PageRoute("told/{id}", sheet_told, api=True, describes=_describe_told),
)

__all__ = ["PAPER", "ROUTES"]
