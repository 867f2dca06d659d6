"""Files of imports and exports hold many people: they go after some days, and at once where one of these asks for it.

What a file holds is not read for that: an import is found by the records that came from it and by its first rows, an
export by the kinds and moments of the records it may hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    File,
    Hit,
    Job,
    JobContext,
    Kept,
    Lazy,
    Occurrence,
    PersonalStore,
    Record,
    Rule,
    Schedule,
    erase_record,
    fits_person,
    forget_files,
    translator,
)

from . import taking_in
from .choices import ExportState, RunState
from .flow import discard
from .records import Export, Fault, Origin, Run

_ = translator("dougong_exchange")

MORE = "exchange.sweep_more"
BATCH = 200
_WORKING = (RunState.CHECKING, RunState.IMPORTING)


def _has_file(kind: type[Record]) -> sa.ColumnElement[bool]:
    mine = File.tenant_id == kind.tenant_id, File.record_kind == kind.kind, File.record_id == kind.id
    return sa.exists().where(*mine, File.key != "")


# ---- for one person ----


def find(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    ids = [one.id for one in records]
    came = sa.exists().where(Origin.tenant_id == Run.tenant_id, Origin.run_id == Run.id, Origin.record_id.in_(ids))
    rows = fits_person(sa.cast(Run.samples, sa.Text), terms)
    runs = sa.select(Run).where(
        Run.tenant_id == x.tenant, sa.or_(sa.and_(came, sa.or_(_has_file(Run), Run.samples != [])), rows)
    )
    for run in x.session.scalars(runs.order_by(Run.created_at.desc()).limit(BATCH)):
        yield Kept(f"run:{run.id}", run.number, (str(_("Uploaded file")),), f"/exchange/run/{run.id}")
    first: dict[str, dt.datetime] = {}
    for one in records:
        first[one.kind] = min(first.get(one.kind, one.created_at), one.created_at)
    holds = [sa.and_(Export.target == kind, Export.created_at >= since) for kind, since in first.items()]
    asks = fits_person(sa.cast(Export.asked, sa.Text), terms)
    exports = sa.select(Export).where(
        Export.tenant_id == x.tenant, sa.or_(sa.and_(_has_file(Export), sa.or_(sa.false(), *holds)), asks)
    )
    for export in x.session.scalars(exports.order_by(Export.created_at.desc()).limit(BATCH)):
        if _may_hold(export, records) or not export.asked.get("ids"):
            yield Kept(
                f"export:{export.id}",
                f"{export.number} {export.what}",
                (str(_("File")),),
                f"/exchange/export/{export.id}",
            )


def _may_hold(export: Export, records: Sequence[Hit]) -> bool:
    return bool({str(one.id) for one in records} & set(export.asked.get("ids") or ()))


def export(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    """Only that there is such a file: it holds other people, too."""
    found = _one(x, kept)
    return {"number": found.number, "created_at": found.created_at.isoformat()}


def erase(x: Context[Any], kept: Kept) -> Lazy | None:
    found = _one(x, kept)
    if isinstance(found, Run) and found.status in _WORKING:
        return _("The import is running; stop it, or wait until it is done.")
    if isinstance(found, Export) and found.status is ExportState.WAITING:
        return _("The export is being written.")
    _empty(x, found)
    erase_record(x, found, reason=str(_("on request")), words=True, files=True)
    return None


def _one(x: Context[Any], kept: Kept) -> Run | Export:
    what, _colon, id = kept.id.partition(":")
    if what == "run":
        return x.session.get_one(Run, (x.tenant, UUID(id)))
    return x.session.get_one(Export, (x.tenant, UUID(id)))


def _empty(x: Context[Any], found: Run | Export) -> None:
    """Take what lies beside the file: first rows, bad cells, packed rows, what the list was searched for."""
    if isinstance(found, Export):
        found.asked = {**found.asked, "pairs": [], "ids": []}
    else:
        if found.status in (RunState.MAPPING, RunState.CHECKED, RunState.STOPPED):
            x.as_person(None).take(found, discard.name)
        taking_in.clear(x, found.id, faults=True)
        found.samples, found.needs = [], {}
    x.session.flush()


# ---- after some days ----


def sweep(x: Context[Any], _run: Occurrence | None = None) -> None:
    """What is done every night: files of imports and exports go that are older than the company keeps them."""
    before = x.now - dt.timedelta(days=x.settings.keep_days)
    full = False
    for kind in (Run, Export):
        old: list[Run | Export] = list(x.session.scalars(_old(x, kind).where(kind.created_at <= before).limit(BATCH)))
        for one in old:
            _empty(x, one)
            forget_files(x, one)
        full = full or len(old) == BATCH
    if full:
        x.enqueue(MORE, key=MORE)


def more(running: JobContext) -> None:
    """The job: on with what one transaction could not hold."""
    sweep(running.context)


def _old(x: Context[Any], kind: type[Run] | type[Export]) -> sa.Select[Any]:
    """Runs or exports that still hold a file or rows, and are not being worked on."""
    query: sa.Select[Any] = sa.select(kind).where(kind.tenant_id == x.tenant).order_by(kind.created_at)
    if kind is Run:
        faults = sa.exists().where(Fault.tenant_id == Run.tenant_id, Fault.run_id == Run.id)
        return query.where(Run.status.not_in(_WORKING), sa.or_(_has_file(Run), Run.samples != [], faults))
    return query.where(Export.status != ExportState.WAITING, _has_file(Export))


STORE = PersonalStore("exchange.files", _("Imports and exports"), find, export, erase)
LABEL = _("Remove old files of imports and exports")
JOB = Job(MORE, more, queue="long", timeout=600.0, label=LABEL)
SCHEDULE = Schedule(
    "exchange.sweep",
    LABEL,
    sweep,
    Rule.daily("02:30"),
    spread=60,
    grace=360,
    queue="long",
    timeout=600.0,
    help=_("Files go after the days that the settings name; what came in with them stays."),
)
