"""The pages of what lies in results: missed points by hour, failures by item, scores of sites; as page, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from dougong import Asked, FieldError, Invalid, NotFound, PageRoute, described, harmless, page, translator, write
from dougong.views import Card, CardsPage, Crumb, Figure, Line, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..base import X
from ..choices import DONE
from ..records import Point, Task
from . import counting, drawing
from .asking import OWN, Wanted, wanted
from .drawing import HERE, LIST, Bar, FiguresPage, Row, Said, Spot, Table, percent

_ = translator("dougong_inspections")

HEAT = (0.0, 0.05, 0.15, 0.3)  # shares above which a cell is one step hotter
DEFAULTS = {"missed": "this-month", "failures": "this-month", "scores": "this-year"}  # a month alone is no ranking


def _context(asked: Asked, session: Session) -> X:
    """This person's unit of work. :raises NotFound: they may see no task anywhere."""
    x: X = asked.context(session, "inspections")
    if not x.gate.scope(f"{Task.kind}.read"):
        raise NotFound()
    return x


# ---- missed points by hour ----


def missed(asked: Asked, want: Wanted, x: X) -> FiguresPage:
    found = counting.missed_map(x, want)
    whole = found.sum
    made = drawing.framed(asked, want, "missed", _missed_sentence(found, want))
    if not whole.total:
        made.empty = drawing.none()
        return made
    listed = [("tab", "all"), *_listed(want)]
    made.figures = [
        Figure(str(_("To be reached")), f"{whole.total:,}", str(_("times")), "", _href(listed)),
        Figure(
            str(_("Missed")), f"{whole.missed:,}", str(_("times")), percent(whole.missed, whole.total),
            _href([*listed, ("was_missed", "1")]), "bad" if whole.missed else "",
        ),
        Figure(
            str(_("Skipped with a reason")), f"{whole.skipped:,}", str(_("times")), percent(whole.skipped, whole.total),
            _href(listed),
        ),
    ]  # fmt: skip
    hours = sorted(found.hours)
    rows = [
        Row(p.name, f"{p.route} · {x.snapshot.sites.node(p.site_id).name}", [
            *(_spot(p.hours.get(hour), f"{hour:02d}:00", p, hour, want) for hour in hours),
            _spot(p.sum, str(_("All hours")), p, None, want),
        ])
        for p in found.rows
    ]  # fmt: skip
    total = Row(str(_("All points")), "", [
        *(_spot(found.hours[hour], f"{hour:02d}:00", None, hour, want) for hour in hours),
        _spot(whole, str(_("All hours")), None, None, want),
    ])  # fmt: skip
    headings = [str(_("Point")), *(f"{hour:02d}:00" for hour in hours), str(_("All hours"))]
    more = found.points - len(found.rows)
    words = str(_("{n} more points were missed less often.").format(n=more)) if more > 0 else ""
    made.map = Table(str(_("Missed points by hour of the day")), headings, rows, total, True, words)
    made.legend = [(0, str(_("none missed"))), *((n, _share(n)) for n in range(1, len(HEAT) + 1))]
    return made


def _share(step: int) -> str:
    """What a step of heat says of the share."""
    low, high = (round(100 * one) for one in (HEAT[step - 1], HEAT[step] if step < len(HEAT) else 1))
    if not low:
        return str(_("up to {high}%").format(high=high))
    return str(_("{low} to {high}%").format(low=low, high=high))


def _missed_sentence(found: counting.MissedMap, want: Wanted) -> list[Said]:
    whole = found.sum
    if not whole.total:
        return [Said(str(_("No point was to be reached.")))]
    said = [
        Said(str(_("Points were to be reached {n} times; ").format(n=f"{whole.total:,}"))),
        Said(str(_("{n} times one was missed").format(n=f"{whole.missed:,}")), None, True, bool(whole.missed)),
        Said(str(_(" ({share}).").format(share=percent(whole.missed, whole.total)))),
    ]
    worst = [(row, hour, cell) for row in found.rows for hour, cell in row.hours.items() if cell.missed]
    if worst:
        row, hour, cell = max(worst, key=lambda one: (one[2].missed, one[0].name))
        text = _("{point} at {hour} ({missed} of {total})").format(
            point=row.name, hour=f"{hour:02d}:00", missed=cell.missed, total=cell.total
        )
        said += [Said(str(_(" Most often: "))), Said(str(text), _drill(want, row, hour), True), Said(str(_(".")))]
    return said


def _drill(want: Wanted, row: counting.PointRow, hour: int | None) -> str:
    more = [] if hour is None else [("hour", str(hour))]
    return f"{HERE}/missed/{row.point_id}?{urlencode([*want.pairs, *more])}"


def _spot(
    cell: counting.Cell | None, label: str, row: counting.PointRow | None, hour: int | None, want: Wanted
) -> Spot:
    if cell is None:
        return Spot("", label)
    share = cell.missed / cell.total
    said = _("{missed} of {total} missed").format(missed=cell.missed, total=cell.total)
    href = _drill(want, row, hour) if row is not None and cell.missed else None
    heat = sum(share > step for step in HEAT)
    return Spot(f"{cell.missed}/{cell.total}", label, str(said), href, heat)


def _missed_rows(want: Wanted, x: X) -> Iterable[Sequence[Any]]:
    found = counting.missed_map(x, want)
    yield [_("Site"), _("Inspection route"), _("Point"), _("Hour"), _("To be reached"), _("Missed"), _("Skipped")]
    for row in found.rows:
        for hour, cell in sorted(row.hours.items()):
            place = x.snapshot.sites.node(row.site_id).name
            yield [place, row.route, row.name, f"{hour:02d}:00", cell.total, cell.missed, cell.skipped]


def _missed_told(want: Wanted, x: X) -> dict[str, Any]:
    found = counting.missed_map(x, want)
    return {
        "total": _cell(found.sum), "hours": {str(hour): _cell(cell) for hour, cell in sorted(found.hours.items())},
        "points": [
            {
                "id": str(row.point_id), "name": row.name, "route": row.route,
                "site": x.snapshot.sites.node(row.site_id).slug, **_cell(row.sum),
                "hours": {str(hour): _cell(cell) for hour, cell in sorted(row.hours.items())},
            }
            for row in found.rows
        ],
    }  # fmt: skip


def _cell(cell: counting.Cell) -> dict[str, int]:
    return {"total": cell.total, "missed": cell.missed, "skipped": cell.skipped}


# ---- failures by item ----


def failing(asked: Asked, want: Wanted, x: X) -> FiguresPage:
    found = counting.failures(x, want)
    made = drawing.framed(asked, want, "failures", _failures_sentence(found, want))
    if not found.total:
        made.empty = drawing.none()
        return made
    listed = _listed(want)
    made.figures = [
        Figure(str(_("Answered")), f"{found.total:,}", str(_("items")), "", _href([("tab", "all"), *listed])),
        Figure(
            str(_("Failed")), f"{found.failed:,}", str(_("times")), percent(found.failed, found.total),
            _href([("tab", "all"), *listed]), "bad" if found.failed else "",
        ),
        Figure(str(_("Different items that failed")), f"{found.items:,}", str(_("items")), "", _href([("tab", "all"), *listed])),
    ]  # fmt: skip
    top = found.rows[0].failed if found.rows else 1
    so_far, rows = 0, []
    for row in found.rows:
        so_far += row.failed
        href = f"{HERE}/failures/{row.template_id}/{row.item}?{want.query}"
        share, rate = percent(so_far, found.failed), percent(row.failed, row.total)
        mark = f"{100 * so_far / found.failed:.2f}%"
        title = str(_("{failed} of {total} failed").format(failed=row.failed, total=row.total))
        made.bars.append(Bar(row.text, f"{row.failed:,}", f"{100 * row.failed / top:.2f}%", title, href, mark, share))
        cells = [
            Spot(f"{n:,}", label) for n, label in ((row.failed, str(_("Failed"))), (row.total, str(_("Answered"))))
        ]
        cells += [Spot(rate, str(_("Failure rate"))), Spot(share, str(_("Share so far")))]
        rows.append(Row(row.text, row.template, cells, href))
    headings = [str(one) for one in (_("Item"), _("Failed"), _("Answered"), _("Failure rate"), _("Share so far"))]
    more = found.items - len(found.rows)
    words = str(_("{n} more items failed less often.").format(n=more)) if more > 0 else ""
    made.bars, made.bars_title, made.shares = made.bars[:12], str(_("Failed most often")), True
    made.table = Table(str(_("Failures by item")), headings, rows, None, False, words)
    return made


def _failures_sentence(found: counting.Failures, want: Wanted) -> list[Said]:
    if not found.total:
        return [Said(str(_("No item was answered.")))]
    said = [
        Said(str(_("Of {n} answered items ").format(n=f"{found.total:,}"))),
        Said(str(_("{n} failed").format(n=f"{found.failed:,}")), None, True, bool(found.failed)),
        Said(str(_(" ({share}).").format(share=percent(found.failed, found.total)))),
    ]
    if found.rows:
        few, so_far = 0, 0
        while so_far < 0.8 * found.failed and few < len(found.rows):
            so_far += found.rows[few].failed
            few += 1
        text = _(" {few} of {all} items that failed make up {share} of it.")
        said.append(Said(str(text.format(few=few, all=found.items, share=percent(so_far, found.failed)))))
    return said


def _failures_rows(want: Wanted, x: X) -> Iterable[Sequence[Any]]:
    yield [_("Template"), _("Item"), _("Failed"), _("Answered"), _("Failure rate")]
    for row in counting.failures(x, want).rows:
        yield [row.template, row.text, row.failed, row.total, percent(row.failed, row.total)]


def _failures_told(want: Wanted, x: X) -> dict[str, Any]:
    found = counting.failures(x, want)
    rows = [
        {"template": str(r.template_id), "item": r.item, "text": r.text, "failed": r.failed, "total": r.total}
        for r in found.rows
    ]
    return {"total": found.total, "failed": found.failed, "different": found.items, "items": rows}


# ---- scores of sites ----


def scoring(asked: Asked, want: Wanted, x: X) -> FiguresPage:
    found = counting.scores(x, want)
    names = {one.site_id: x.snapshot.sites.node(one.site_id) for one in found}
    made = drawing.framed(asked, want, "scores", _scores_sentence(found, {i: n.name for i, n in names.items()}))
    if not found:
        made.empty = drawing.none()
        return made
    firsts = counting.months(want)
    shown = firsts[-12:]
    headings = [str(_("Rank")), *(f"{first:%Y-%m}" for first in shown), str(_("Average")), str(_("Walks"))]
    rows = []
    for rank, one in enumerate(found, start=1):
        node = names[one.site_id]
        cells = [_score(one.months.get(first), f"{first:%Y-%m}", node.slug, first, want) for first in shown]
        cells.append(Spot(f"{one.sum.average:.1f}", str(_("Average"))))
        cells.append(Spot(str(one.sum.tasks), str(_("Walks"))))
        rows.append(Row(f"{rank} · {node.name}", "", cells))
        said = f"{one.sum.average:.1f}"
        made.bars.append(Bar(node.name, said, f"{said}%", f"{node.name} {said}"))
    made.bars_title = str(_("Average score out of 100"))
    made.bars = made.bars[:20]
    words = str(_("The table shows the last 12 months.")) if len(firsts) > len(shown) else ""
    made.table = Table(str(_("Ranking by month")), headings, rows, None, False, words)
    return made


def _score(one: counting.Score | None, label: str, site: str, first: Any, want: Wanted) -> Spot:
    if one is None:
        return Spot("–", label)
    last = counting.last_of(first)
    days = [
        ("business_date.from", max(first, want.start).isoformat()),
        ("business_date.to", min(last, want.last).isoformat()),
    ]
    trade = [("trade", want.trade.value)] if want.trade else []
    done = [("status", state.value) for state in DONE]
    said = _("{n} walks").format(n=one.tasks)
    return Spot(f"{one.average:.1f}", label, str(said), _href([("tab", "all"), *days, *done, *trade, ("site", site)]))


def _scores_sentence(found: Sequence[counting.SiteScores], names: Any) -> list[Said]:
    if not found:
        return [Said(str(_("No scored walk was submitted.")))]
    best, worst = found[0], found[-1]
    text = _("Best: {site} with {score} of 100").format(site=names[best.site_id], score=f"{best.sum.average:.1f}")
    said = [Said(str(text), None, True)]
    if len(found) > 1:
        low = _("; last of {n}: {site} with {score}").format(
            n=len(found), site=names[worst.site_id], score=f"{worst.sum.average:.1f}"
        )
        said.append(Said(str(low)))
    return [*said, Said(str(_(".")))]


def _scores_rows(want: Wanted, x: X) -> Iterable[Sequence[Any]]:
    firsts = counting.months(want)
    yield [_("Rank"), _("Site"), *(f"{first:%Y-%m}" for first in firsts), _("Average"), _("Walks")]
    for rank, one in enumerate(counting.scores(x, want), start=1):
        by_month = [round(m.average, 1) if (m := one.months.get(first)) else None for first in firsts]
        place = x.snapshot.sites.node(one.site_id).name
        yield [rank, place, *by_month, round(one.sum.average, 1), one.sum.tasks]


def _scores_told(want: Wanted, x: X) -> dict[str, Any]:
    rows = [
        {
            "site": x.snapshot.sites.node(one.site_id).slug, "average": round(one.sum.average, 1), "walks": one.sum.tasks,
            "months": {f"{m:%Y-%m}": {"average": round(s.average, 1), "walks": s.tasks} for m, s in sorted(one.months.items())},
        }
        for one in counting.scores(x, want)
    ]  # fmt: skip
    return {"sites": rows}


# ---- what stands behind a figure ----


def _listed(want: Wanted) -> list[tuple[str, str]]:
    """These days, trade and site as the list of tasks filters by them."""
    days = [("business_date.from", want.start.isoformat()), ("business_date.to", want.last.isoformat())]
    trade = [("trade", want.trade.value)] if want.trade else []
    return [*days, *trade, *([("site", want.site)] if want.site else [])]


def _href(pairs: Sequence[tuple[str, str]]) -> str:
    return f"{LIST}?{urlencode(pairs)}"


def _hour(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:3]) < 24):
        raise Invalid(errors=(FieldError("hour", _("is no hour of the day, 0 to 23")),))
    return int(text[:3])


def _task_line(t: Task, small: str, x: X) -> Line:
    zone = x.snapshot.sites.zone(t.site_id)
    when = f"{t.window_from.astimezone(zone):%Y-%m-%d %H:%M}"
    words = " · ".join(one for one in (when, x.snapshot.sites.node(t.site_id).name, small) if one)
    return Line(f"{t.number} {t.name}", words, f"{LIST}/{t.id}", "inspect", Value("text", str(t.status.label)))


async def behind_missed(asked: Asked) -> Response:
    """``GET /inspections/reports/missed/{id}``: the tasks in which one point was missed."""
    want, id = wanted(asked, more=("hour",)), asked.uuid()
    hour = _hour(asked.query.get("hour", ""))

    def load(session: Session) -> CardsPage:
        x = _context(asked, session)
        found = counting.missed_tasks(x, want, id, hour)
        point = x.session.get(Point, (x.tenant, id)) if found else None
        if point is None:
            raise NotFound()
        title = f"{point.name} · {hour:02d}:00" if hour is not None else point.name
        lines = [_task_line(t, str(_("Made up afterwards")) if t.made_up else "", x) for t in found]
        return _behind(want, "missed", title, str(_("Tasks in which it was missed")), lines)

    return page(asked, "cards.html", await write(asked, load))


async def behind_failures(asked: Asked) -> Response:
    """``GET /inspections/reports/failures/{id}/{item}``: the failed answers to one item."""
    want, id, item = wanted(asked), asked.uuid(), asked.path_params["item"]

    def load(session: Session) -> CardsPage:
        x = _context(asked, session)
        words, found = counting.failed_answers(x, want, id, item)
        if not found:
            raise NotFound()
        lines = [
            _task_line(f.task, " · ".join(one for one in (f.point, _value(f.value), f.note) if one), x) for f in found
        ]
        return _behind(want, "failures", words, str(_("Tasks in which it failed")), lines)

    return page(asked, "cards.html", await write(asked, load))


def _value(text: str) -> str:
    return {"yes": str(_("Yes")), "no": str(_("No"))}.get(text, text)


def _behind(want: Wanted, which: str, title: str, card: str, lines: list[Line]) -> CardsPage:
    crumbs = [Crumb(str(drawing.PAGES[which]), f"{HERE}/{which}?{want.query}"), Crumb(title)]
    text = str(_("The newest {n} are shown.").format(n=len(lines))) if len(lines) == counting.MOST_LINES else ""
    return CardsPage(title, [Card(card, lines, len(lines), text=text)], f"{want.place} · {want.label}", crumbs=crumbs)


# ---- the addresses ----


def _shown(which: str, load: Callable[[Asked, Wanted, X], FiguresPage]) -> Callable[[Asked], Any]:
    async def show(asked: Asked) -> Response:
        want = wanted(asked, default=DEFAULTS[which])
        made = await write(asked, lambda session: load(asked, want, _context(asked, session)))
        return page(asked, "inspections/figures.html", made)

    return show


def _as_csv(which: str, load: Callable[[Wanted, X], Iterable[Sequence[Any]]]) -> Callable[[Asked], Any]:
    async def show(asked: Asked) -> Response:
        want = wanted(asked, default=DEFAULTS[which])
        rows = await write(asked, lambda session: [*load(want, _context(asked, session))])
        out = io.StringIO()
        writer = csv.writer(out)
        for row in rows:
            writer.writerow([cell if isinstance(cell, int | float | None) else harmless(str(cell)) for cell in row])
        name = f"inspections-{which}-{want.start}-{want.last}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(out.getvalue().encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")

    return show


def _as_json(which: str, load: Callable[[Wanted, X], dict[str, Any]]) -> Callable[[Asked], Any]:
    async def show(asked: Asked) -> Response:
        want = wanted(asked, default=DEFAULTS[which])
        told = await write(asked, lambda session: load(want, _context(asked, session)))
        body = {"period": {"from": want.start.isoformat(), "to": want.last.isoformat()}, **told}
        return Response(msgspec.json.encode(body), media_type="application/json", headers={"cache-control": "no-store"})

    return show


def _describing(words: Any) -> Callable[[], Any]:
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in (*OWN, "site")]
    return lambda: described(str(words), parameters=parameters)


_ALL = (
    ("missed", missed, _missed_rows, _missed_told, _("Missed points by hour of the day")),
    ("failures", failing, _failures_rows, _failures_told, _("Failures by item")),
    ("scores", scoring, _scores_rows, _scores_told, _("Scores of sites by month")),
)
ROUTES = (
    *(PageRoute(f"reports/{name}", _shown(name, load)) for name, load, *_rest in _ALL),
    *(PageRoute(f"reports/{name}.csv", _as_csv(name, rows), costly=True) for name, _load, rows, *_rest in _ALL),
    *(
        PageRoute(f"reports/{name}", _as_json(name, told), api=True, describes=_describing(words))
        for name, _load, _rows, told, words in _ALL
    ),
    PageRoute("reports/missed/{id}", behind_missed),
    PageRoute("reports/failures/{id}/{item}", behind_failures),
)
