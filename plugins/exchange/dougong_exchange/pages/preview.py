"""Steps 3 and 4: what would become of the rows, each bad cell by name; then how far it is, and the report."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dougong import Asked, BadRequest, Context, NotFound, page, translator, work_progress, write
from dougong.views import Action, Card, Crumb, Flash, Line, Progress
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, RedirectResponse, Response

from ..choices import Format, RunState
from ..commands import faults_of
from ..records import Fault, Run
from ..writing import table
from .columns import run_of
from .upload import RUNS, STEP

_ = translator("dougong_exchange")

SHOWN = 100
_WORKING = (RunState.CHECKING, RunState.IMPORTING)
_TITLES = {
    RunState.MAPPING: _("Assign columns"),
    RunState.CHECKING: _("The rows are being checked"),
    RunState.CHECKED: _("Before it is imported"),
    RunState.IMPORTING: _("The rows are being imported"),
    RunState.STOPPED: _("The import has stopped"),
    RunState.DONE: _("The rows are imported"),
    RunState.DISCARDED: _("The import was discarded"),
}
_STEPS = {RunState.MAPPING: 2, RunState.CHECKING: 3, RunState.CHECKED: 3}


@dataclass
class PreviewPage:
    """What the template ``exchange/preview.html`` draws."""

    title: str
    subtitle: str
    crumbs: list[Crumb]
    actions: list[Action]
    figures: list[tuple[str, str, str]]  # label, number, tone
    note: Flash | None = None
    progress: Progress | None = None
    cards: list[Card] = field(default_factory=list)


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> PreviewPage:
        x = asked.context(session, "exchange")
        return _page(x, run_of(x, asked.uuid()))

    found = await write(asked, load)
    return page(asked, "exchange/preview.html", found)


async def take(asked: Asked) -> Response:
    """Start, stop, go on, discard: the record's own steps, then back to this page."""
    asked.params()
    id, step = asked.uuid(), asked.path_params["step"]
    if step not in ("start", "stop", "resume", "discard"):
        raise NotFound

    def change(session: Session) -> None:
        x = asked.context(session, "exchange")
        x.take(run_of(x, id), step)

    await write(asked, change)
    return RedirectResponse(f"/exchange/import/{id}", 303)


async def report(asked: Asked) -> Response:
    """The bad rows with their reasons, as a file."""
    asked.params()
    try:
        format = Format(asked.path_params["format"])  # type: ignore[call-arg]
    except ValueError:
        raise BadRequest(_("A report is to be had as xlsx or csv.")) from None
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "report"

    def written(session: Session) -> str:
        x = asked.context(session, "exchange")
        run = run_of(x, asked.uuid())
        rows = ((f.row, f.column, f.value, f.reason) for f in faults_of(x, run.id))
        table(path, format, _heads(), rows)
        return f"{run.number}.{format.value}"

    try:
        name = await write(asked, written)
    except BaseException:
        folder.cleanup()
        raise
    return sent(path, name, format, folder)


def sent(path: Path, name: str, format: Format, folder: tempfile.TemporaryDirectory[str]) -> Response:
    """A file that is gone after it was sent."""
    kinds = {Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Format.CSV: "text/csv"}
    headers = {"cache-control": "no-store"}
    return FileResponse(path, 200, headers, kinds[format], filename=name, background=BackgroundTask(folder.cleanup))


def _heads() -> list[str]:
    return [str(_("Row")), str(_("Column")), str(_("Value")), str(_("What is wrong"))]


def _page(x: Context[Any], run: Run) -> PreviewPage:
    checked = run.status in (RunState.MAPPING, RunState.CHECKING, RunState.CHECKED)
    faults = faults_of(x, run.id, SHOWN)
    total = x.session.scalar(sa.select(sa.func.count()).select_from(Fault).where(Fault.run_id == run.id)) or 0
    return PreviewPage(
        title=str(_TITLES[run.status]),
        subtitle=f"{STEP.format(n=_STEPS.get(run.status, 4))} · {run.file} · {run.what}",
        crumbs=[Crumb(str(Run.label), RUNS), Crumb(run.number, f"{RUNS}/{run.id}"), Crumb(str(_TITLES[run.status]))],
        actions=_actions(x, run, total),
        figures=_figures(run, checked),
        note=_note(run),
        progress=_progress(x, run),
        cards=[*_faults(faults, total), *(_needs(run) if run.status is RunState.CHECKED else [])],
    )


def _faults(faults: list[Fault], total: int) -> list[Card]:
    if not faults:
        return []
    lines = []
    for one in faults:
        where = _("Row {row} · {column}").format(row=one.row, column=one.column or "–")
        lines.append(Line(f"{where}: {one.value}" if one.value else str(where), one.reason, icon="warn"))
    more = str(_("The report holds all {n}.").format(n=total)) if total > SHOWN else ""
    return [Card(str(_("What is wrong")), lines, total, text=more)]


def _figures(run: Run, checked: bool) -> list[tuple[str, str, str]]:
    words = (
        (_("to be created"), _("to be updated"), _("unchanged"), _("with errors"))
        if checked
        else (_("created"), _("updated"), _("unchanged"), _("with errors"))
    )
    numbers = run.created, run.updated, run.skipped, run.errors
    tones = ("good", "good", "", "bad" if run.errors else "")
    return [(str(w), f"{n:,}", tone) for w, n, tone in zip(words, numbers, tones, strict=True)]


def _progress(x: Context[Any], run: Run) -> Progress | None:
    if run.status in _WORKING:
        return work_progress(x, run.id, done=run.done, of=run.rows)
    if run.status is RunState.STOPPED:
        words = _("{done} of {rows} rows").format(done=f"{run.done:,}", rows=f"{run.rows:,}")
        return Progress(run.done, max(run.rows, 1), str(words), live=False)
    return None


def _note(run: Run) -> Flash | None:
    if run.trouble:
        return Flash("bad", run.trouble)
    if run.status is RunState.CHECKED and run.errors:
        return Flash(
            "warn", str(_("Rows with errors are left out; the report names them, so that they can follow later."))
        )
    if run.status is RunState.DONE and not run.errors:
        return Flash("good", str(_("All rows are in.")))
    return None


def _actions(x: Context[Any], run: Run, faults: int) -> list[Action]:
    here, made = f"/exchange/import/{run.id}", []
    if run.status is RunState.CHECKED and run.errors < run.rows:
        made.append(Action(str(_("Import now")), f"{here}/do/start", "send", main=True, post=True))
    if run.status is RunState.STOPPED:
        made.append(Action(str(_("Go on")), f"{here}/do/resume", "right", main=True, post=True))
    if run.status is RunState.DONE:
        resource = x.registry.resources.get(run.target)
        if resource is not None and resource.module in x.snapshot.modules:
            made.append(Action(str(_("To the list")), f"{resource.path}?tab=all", "right", main=True))
    if run.status in (RunState.MAPPING, RunState.CHECKED):
        made.append(Action(str(_("Back to the columns")), f"{here}/columns", "left"))
    if faults:
        made.append(Action(str(_("Report (.xlsx)")), f"{here}/report/xlsx", "export"))
    if run.status in _WORKING:
        made.append(Action(str(_("Stop")), f"{here}/do/stop", "pause", post=True))
    if run.status in (RunState.MAPPING, RunState.CHECKED, RunState.STOPPED):
        made.append(Action(str(_("Discard")), f"{here}/do/discard", "close", danger=True, post=True))
    return made


def _needs(run: Run) -> list[Card]:
    """What is made before the rows come in: it is here that a person says yes to it."""
    made = []
    if sites := run.needs.get("sites"):
        lines = [Line(name, str(_("{n} rows").format(n=n)), icon="site") for name, n in sorted(sites.items())]
        made.append(Card(str(_("New sites")), lines, len(lines)))
    for words in run.needs.get("words", {}).values():
        lines = [Line(label, key, icon="set") for key, label in sorted(words.items())]
        made.append(Card(str(_("New entries of the settings")), lines, len(lines)))
    return made
