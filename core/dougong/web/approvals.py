"""Approvals in one place: what waits for me, what I submitted, what I signed; the card on the start page; the panel on a record.

Draws what ``records.approval_lists`` reads; agreeing and returning are the record's own steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ..errors import BadRequest
from ..records import approval_lists as lists
from ..records.approval_tables import ASKED, Approval, ApprovalSeat, rounds
from ..records.approval_words import AGREE, RETURN, names_of, posts_of
from ..records.context import Context
from ..words import Lazy, translator
from . import display
from .admin.common import address, in_context, zone_of
from .api import answer
from .pages import page
from .routing import Route
from .views import Action, ApprovalsPage, AsideCard, Card, Empty, Filter, Line, Option, Tab, Value

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ..plugins.registry import Registry
    from ..records.record import Record
    from ..records.resource import Resource
    from .requests import Asked

_ = translator("dougong")

PATH, API = "/approvals", "/api/v1/core/approvals"
ROWS, MOST = 30, 200
TITLE = _("Approvals")
TABS = {lists.MINE: _("Waiting for me"), lists.SUBMITTED: _("Submitted by me"), lists.DONE: _("Signed by me")}
_STATES: dict[str, tuple[Lazy, str]] = {
    "asked": (_("Being approved"), "doing"),
    "granted": (_("Approved"), "done"),
    "returned": (_("Returned"), "bad"),
    "withdrawn": (_("Withdrawn"), "hold"),
    "stopped": (_("Stopped"), "hold"),
}
_EMPTY: dict[str, tuple[Lazy, Lazy]] = {
    lists.MINE: (
        _("Nothing waits for you"),
        _("What others submit for your approval stands here, the longest waiting first."),
    ),
    lists.SUBMITTED: (
        _("You have submitted nothing"),
        _("What you submit for approval stands here, with how far it is."),
    ),
    lists.DONE: (_("You have signed nothing yet"), _("What you agreed to or returned stands here.")),
}
_FROM = _("{what} · {level} · from {person}, {when}")
_ROUND = _("Round {n}")
_WAITS = _("waits for {people}")
_NOBODY = _("vacant: nobody may approve")
_AGREED, _GIVEN_BACK = _("agreed"), _("returned")
_FOR = _("{person} for {other}")
_LATER = _("later")


def routes(registry: Registry, modules: frozenset[str]) -> Iterable[Route]:
    """The page and its API twin: there whatever modules are on, as whoever signed may look back."""
    return [Route("GET", PATH, show), Route("GET", API, api)]


async def show(asked: Asked) -> Response:
    """``GET /approvals``: ``?part=mine|asked|done``, ``module``, ``site``, ``after``."""
    sent = asked.params(("part", "module", "after"))
    part, module, after = sent.get("part", lists.MINE), sent.get("module", ""), sent.get("after", "")

    def read(x: Context[Any]) -> tuple[list[Line], str, list[Option]]:
        items, following = lists.listed(x, part, site=asked.site, module=module, limit=ROWS, after=after)
        options = {r.module: str(asked.app.registry.modules[r.module].manifest.label) for r in lists.kinds(x).values()}
        return (
            [_line(asked, x, one) for one in items],
            following,
            [Option(name, label, name == module) for name, label in sorted(options.items(), key=lambda o: o[1])],
        )

    found, following, modules = await in_context(asked, read)
    site = asked.snapshot.sites.node(asked.site).slug if asked.site else None
    kept = {"site": site, "module": module or None}
    made = ApprovalsPage(
        str(TITLE),
        found,
        tabs=[
            Tab(str(label), address(PATH, {**kept, "part": name}), None, name == part) for name, label in TABS.items()
        ],
        filters=[_filter(modules)] if len(modules) > 1 or module else [],
        hidden=[(k, v) for k, v in (("part", part), ("site", site)) if v],
        clear_href=address(PATH, {"site": site, "part": part}) if module else None,
        next_href=address(PATH, {**kept, "part": part, "after": following}) if following else None,
        first_href=address(PATH, {**kept, "part": part}) if after else None,
    )
    if not found:
        title, text = _EMPTY[part]
        made.empty = Empty(str(title), str(text), None)
    return page(asked, "approvals.html", made)


def _filter(modules: list[Option]) -> Filter:
    return Filter(
        "module", str(_("Module")), "choice", modules, summary=next((o.label for o in modules if o.selected), "")
    )


def _line(asked: Asked, x: Context[Any], item: lists.Item) -> Line:
    zone, row = zone_of(asked, item.record.site_id), item.approval.row
    site = asked.snapshot.sites.get(item.record.site_id)
    said = _FROM.format(
        what=item.approving.label, level=item.approval.label() if row.levels else "",
        person=names_of([row.asked_by], x) or str(_("the system")), when=display.short(row.asked_at, zone, x.now),
    )  # fmt: skip
    small = f"{said} · {site.name}" if site is not None else str(said)
    path = f"{item.resource.path}/{item.record.id}"
    end = _left(item, zone, x) if row.state == ASKED else None
    if end is None:
        label, tone = _STATES[row.state]
        end = Value("tag", str(label), tone=tone)
    title = display.cut(str(getattr(item.record, str(item.resource.title)) or ""), 60)
    text = item.record.number if item.resource.title == "number" else f"{item.record.number} {title}"
    return Line(text, small, path, item.resource.icon, end, _actions(item, path) if item.mine else [])


def _actions(item: lists.Item, path: str) -> list[Action]:
    name = item.approving.name
    back = f"?back={PATH}"
    return [
        Action(str(_("Agree")), f"{path}/do/{name}_{AGREE}{back}", "check"),
        Action(str(_("Return")), f"{path}/do/{name}_{RETURN}{back}", "undo"),
    ]


def _left(item: lists.Item, zone: ZoneInfo, x: Context[Any]) -> Value | None:
    """Time left, where the approval has a time limit."""
    clock = item.resource.flow.clocks.get(item.approving.name) if item.resource.flow else None
    due = getattr(item.record, clock.due) if clock is not None else None
    return display.deadline(due, None, True, x.now, zone) if due is not None else None


async def card(asked: Asked) -> list[Card]:
    """For the start page: what waits for whoever looks; kept for as long as what plugins add."""

    async def collect() -> list[Line]:
        def read(x: Context[Any]) -> list[Line]:
            return [_line(asked, x, one) for one in lists.listed(x, lists.MINE, site=asked.site, limit=6)[0]]

        return await in_context(asked, read)

    if not any(r.flow is not None and r.flow.approvals for r in asked.app.registry.resources.values()):
        return []
    found = await asked.app.dashboards.kept(asked, f"approvals {asked.locale}", collect)
    if not found:
        return []
    site = asked.snapshot.sites.node(asked.site).slug if asked.site else None
    lines = [Line(one.text, one.small, one.href, one.icon, one.end) for one in found[:5]]
    return [Card(str(TABS[lists.MINE]), lines, more=Action(str(_("All")), address(PATH, {"site": site})))]


# ---- the panel on a record ----


def panel(
    x: Context[Any], resource: Resource[Any], record: Record, zone: ZoneInfo, *, most: int = 20
) -> list[AsideCard]:
    """How far the approvals of a record are, round by round, the newest first; empty before the first."""
    if resource.flow is None or not resource.flow.approvals:
        return []
    made = []
    for one in rounds(x, record, most=most):
        approving = resource.flow.approvals.get(one.row.name)
        if approving is None:
            continue
        inner = x.with_settings(x.snapshot.settings(resource.module)) if resource.settings else x
        there = one.running and not approving.astray(record, one, inner)
        waited = approving.approvers(record, one, inner).waited_for(one) if there else []
        label, tone = _STATES[one.state if there or not one.running else "stopped"]
        lines = [
            Line(
                str(_("Submitted")),
                f"{names_of([one.asked_by], x) or _('the system')} · {display.short(one.asked_at, zone, x.now)}",
                icon="send",
                end=Value("tag", str(label), tone=tone),
            )
        ]
        for number in range(len(one.row.levels)):
            lines += _level(x, one, number, [w.person for w in waited], zone, there)
        made.append(
            AsideCard(f"{approving.label} · {_ROUND.format(n=one.round)}", lines=lines, text=one.row.words or "")
        )
    return made


def _level(
    x: Context[Any], approval: Approval, number: int, waited: list[Any], zone: ZoneInfo, there: bool
) -> list[Line]:
    seats, label = approval.at(number), approval.label(number)
    signed = [seat for seat in seats if seat.signed_by is not None]
    lines = [_signature(x, label, seat, zone) for seat in signed]
    row = approval.row
    if not there or number < row.level:
        return lines
    free = [seat for seat in seats if seat.signed_by is None]
    if number == row.level and free:
        who = str(_WAITS.format(people=names_of(waited, x))) if waited else str(_NOBODY)
        lines.append(Line(label, f"{posts_of(free, x)} · {who}", icon="clock"))
    elif number > row.level:
        lines.append(Line(label, posts_of(free, x), icon="pause", end=Value("tag", str(_LATER))))
    return lines


def _signature(x: Context[Any], label: str, seat: ApprovalSeat, zone: ZoneInfo) -> Line:
    who = names_of([seat.signed_by], x)
    if seat.signed_for is not None:
        who = str(_FOR.format(person=who, other=names_of([seat.signed_for], x)))
    post = x.snapshot.roles.get(seat.climbed or seat.role or "")
    when = display.short(seat.signed_at, zone, x.now) if seat.signed_at is not None else ""
    said = [who, str(post.label) if post else seat.climbed or seat.role or "", when]
    agreed = seat.outcome == "agreed"
    words = [seat.words] if seat.words and agreed else []
    return Line(
        label, " · ".join(part for part in (*said, *words) if part), icon="check" if agreed else "undo",
        end=Value("tag", str(_AGREED if agreed else _GIVEN_BACK), tone="done" if agreed else "bad"),
    )  # fmt: skip


# ---- the API ----


async def api(asked: Asked) -> Response:
    """``GET /api/v1/core/approvals``: ``?part``, ``module``, ``site``, ``limit``, ``after``."""
    sent = asked.params(("part", "module", "limit", "after"))
    text = sent.get("limit", str(ROWS))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST):
        raise BadRequest(_("limit lies between 1 and {most}").format(most=MOST))
    part, module, after = sent.get("part", lists.MINE), sent.get("module", ""), sent.get("after", "")

    def read(x: Context[Any]) -> tuple[list[dict[str, Any]], str]:
        items, following = lists.listed(x, part, site=asked.site, module=module, limit=int(text), after=after)
        return [_out(asked, one) for one in items], following

    results, following = await in_context(asked, read)
    site = asked.snapshot.sites.node(asked.site).slug if asked.site else None
    kept = {"part": part, "module": module or None, "site": site, "limit": text, "after": following}
    return answer({"results": results, "next": address(API, kept) if following else None})


def _out(asked: Asked, item: lists.Item) -> dict[str, Any]:
    row, record, resource = item.approval.row, item.record, item.resource
    site = asked.snapshot.sites.get(record.site_id)
    clock = resource.flow.clocks.get(item.approving.name) if resource.flow else None
    below = f"/api/v1{resource.path}/{record.id}"
    steps = {s: f"{below}/transitions/{item.approving.name}_{s}" for s in (AGREE, RETURN)} if item.mine else {}
    return {
        "id": row.id,
        "kind": resource.kind,
        "record": {"id": record.id, "number": record.number, "row_version": record.row_version, "href": below},
        "site": site.slug if site is not None else None,
        "approval": item.approving.name,
        "label": str(item.approving.label),
        "round": row.round,
        "state": row.state,
        "level": row.levels[row.level]["name"] if row.levels else None,
        "level_label": item.approval.label() if row.levels else None,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "waiting_since": row.level_at if row.state == ASKED else None,
        "due": getattr(record, clock.due) if clock is not None and row.state == ASKED else None,
        "mine": item.mine,
        "transitions": steps,
    }


__all__ = ["PATH", "card", "panel", "routes"]
