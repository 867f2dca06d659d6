"""What imports and exports add to other pages: buttons above and below each list, and where a record came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from dougong import Context, Record, Resource, translator, work_progress
from dougong.views import Action, AsideCard, Fact, Value

from .choices import ExportState
from .records import Export, Origin, Run
from .targets import EXPORT, IMPORT

_ = translator("dougong_exchange")


def added(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    if page.startswith("list:") and isinstance(subject, Resource):
        return _of_list(subject, x)
    if isinstance(subject, Export) and subject.status is ExportState.WAITING:
        return [work_progress(x, subject.id)]
    if page.startswith("detail:") and isinstance(subject, Record):
        return _of_record(subject, x)
    return ()


def _of_list(resource: Resource[Any], x: Context[Any]) -> list[Action]:
    if resource.kind == Run.kind:
        way = Action(str(_("Import a file")), "/exchange/import", "import", main=True)
        return [way] if x.gate.scope(IMPORT).free else []
    if resource.module == "exchange":
        return []
    found = []
    if x.gate.scope(IMPORT).free and x.gate.scope(resource.permission("create")).free:
        found.append(Action(str(_("Import")), f"/exchange/import/of/{resource.kind}", "import"))
    if x.gate.scope(EXPORT).free:
        found.append(Action(str(_("Export")), f"/exchange/out/{resource.kind}", "export"))
        found.append(Action(str(_("Export")), f"/exchange/out/{resource.kind}/chosen", "export", post=True))
    return found


def _of_record(record: Record, x: Context[Any]) -> list[AsideCard]:
    origin = x.session.scalars(
        sa.select(Origin).where(Origin.record_kind == record.kind, Origin.record_id == record.id).limit(1)
    ).first()
    if origin is None:
        return []
    run = x.session.scalar(x.readable(Run).where(Run.id == origin.run_id)) if x.gate.scope(f"{Run.kind}.read") else None
    facts = [Fact(str(_("From")), Value("text", origin.source))]
    if not origin.key.startswith("row:"):
        facts.append(Fact(str(_("Number there")), Value("text", origin.key)))
    if run is not None:
        facts.append(Fact(str(_("File")), Value("link", run.file, href=f"/exchange/run/{run.id}")))
    facts.append(Fact(str(_("Row")), Value("number", str(origin.row))))
    text = _("Brought from another system: times before the import are as they came, and no clock ran for it here.")
    return [AsideCard(str(_("Imported")), facts=facts, text=str(text))]
