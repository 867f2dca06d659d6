"""The life of an import: 对应列 → 检查 → 导入, with stopping and going on. What is done in each state is ``working``."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Conflict, Context, Form, Me, Workflow, translator

from . import taking_in
from .choices import ExportState, RunState
from .records import Export, Fault, Run, Seen
from .settings import Settings

_ = translator("dougong_exchange")

X = Context[Settings]
GO, WRITE = "exchange.go", "exchange.write"

flow = Workflow(Run, Run.status, Settings)
export_flow = Workflow(Export, Export.status, Settings)


def own(me: Me) -> sa.ColumnElement[bool]:
    """A file may hold what others may not read: it is its sender's. The system sees all."""
    return sa.or_(Run.created_by == me.id, me.id.is_(None))


def own_export(me: Me) -> sa.ColumnElement[bool]:
    return sa.or_(Export.created_by == me.id, me.id.is_(None))


@flow.creating
def with_file(r: Run, x: X) -> None:
    if not r.file:
        raise Conflict(_("An import begins with a file: choose “Import” above a list."))


@export_flow.creating
def of_something(e: Export, x: X) -> None:
    if not e.target:
        raise Conflict(_("An export begins at a list: choose “Export” above it."))


def begun_by(r: Run, x: X) -> None:
    """Whose rights the work has from here on: this person's, by a token no more than the token's."""
    r.trouble = None
    if x.actor is not None:
        r.started_by, r.token_scope = x.actor, None if x.gate.only is None else list(x.gate.only)


def again(r: Run, x: X) -> None:
    """From the first row on, with no results yet."""
    r.position = r.done = r.created = r.updated = r.skipped = r.errors = 0
    begun_by(r, x)
    x.session.execute(sa.delete(Fault).where(Fault.run_id == r.id))
    x.session.execute(sa.delete(Seen).where(Seen.run_id == r.id))


def go(r: Run, x: X) -> None:
    if x.jobs is not None:  # a command works the rows off itself
        x.enqueue(GO, key=f"{GO}:{r.id}", run=r.id)


@flow.on(_("Check"), (RunState.MAPPING, RunState.CHECKED), RunState.CHECKING, form=Form, icon="check")
def check(r: Run, f: Form, x: X) -> None:
    again(r, x)
    r.needs = {}
    go(r, x)


@flow.on(_("Import now"), RunState.CHECKED, RunState.IMPORTING, form=Form, icon="send")
def start(r: Run, f: Form, x: X) -> None:
    if r.errors >= r.rows:
        raise Conflict(_("No row can be imported: mend the mapping or the file first."))
    again(r, x)
    go(r, x)


@flow.on(_("Stop"), (RunState.CHECKING, RunState.IMPORTING), RunState.STOPPED, form=Form, icon="pause")
def stop(r: Run, f: Form, x: X) -> None:
    r.trouble = str(_("Stopped by hand."))


@flow.on(_("Go on"), RunState.STOPPED, (RunState.IMPORTING, RunState.CHECKING), form=Form, icon="right")
def resume(r: Run, f: Form, x: X) -> RunState:
    begun_by(r, x)
    go(r, x)
    return (
        RunState.IMPORTING if r.created or r.updated or r.skipped or not r.needs.get("checking") else RunState.CHECKING
    )


@flow.on(
    _("Discard"),
    (RunState.MAPPING, RunState.CHECKED, RunState.STOPPED),
    RunState.DISCARDED,
    form=Form,
    icon="close",
    danger=True,
    help=_("What was imported already stays."),
)
def discard(r: Run, f: Form, x: X) -> None:
    taking_in.clear(x, r.id, faults=True)


checked = flow.step("checking_done", _("Checked"), RunState.CHECKING, RunState.CHECKED, automatic=True, icon="check")
finished = flow.step("done", _("Imported"), RunState.IMPORTING, RunState.DONE, automatic=True, icon="check")
stuck = flow.step(
    "stuck", _("Stopped"), (RunState.CHECKING, RunState.IMPORTING), RunState.STOPPED, automatic=True, icon="pause"
)
ready = export_flow.step("ready", _("Written"), ExportState.WAITING, ExportState.READY, automatic=True, icon="check")
failed = export_flow.step("failed", _("Failed"), ExportState.WAITING, ExportState.FAILED, automatic=True, icon="close")
