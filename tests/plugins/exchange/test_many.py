"""Writing many records at once: numbers, history and handlers as for one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dougong.errors import Problem
from dougong.records import history
from dougong.records.bulk_write import ImportRow, change_many, create_many
from dougong.records.tables import History, Number
from dougong_complaints.choices import State
from dougong_complaints.records import Complaint, Escalation
from dougong_complaints.resource import resource

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

BODY: dict[str, Any] = {
    "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "category": "water_leak", "location": "3 号楼", "statement": "卫生间渗水", "severity": "minor", "urgency": "urgent",
}  # fmt: skip
THEN = dt.datetime(2017, 5, 6, 7, 8, tzinfo=dt.UTC)


def _rows(company: Company, n: int, **own: Any) -> list[ImportRow]:
    return [ImportRow(company.sites["n1"], {**BODY, "location": f"{i} 号楼"}, own) for i in range(n)]


def test_rows_become_records_with_numbers_and_sealed_history(company: Company) -> None:
    with company.acting("service_lead_n1", "complaints") as x:
        made = create_many(resource, _rows(company, 5), x)
        numbers = [one.number for one in made if not isinstance(one, Problem)]
        assert [n[-6:] for n in numbers] == [f"{i:06d}" for i in range(1, 6)]
        for one in made:
            assert history.verify(x.session, Complaint.kind, one.id)  # type: ignore[union-attr]
            entry = x.session.scalars(sa.select(History).where(History.record_id == one.id)).one()  # type: ignore[union-attr]
            assert entry.action == "import"
            assert entry.changes["complainant"][1].keys() == {"digest"}


def test_imported_complaints_start_nothing(company: Company) -> None:
    with company.acting("service_lead_n1", "complaints") as x:
        made = create_many(resource, _rows(company, 1, status="closed", created_at=THEN.isoformat(), closed_at=THEN), x)
        id = made[0].id  # type: ignore[union-attr]
    with company.acting(None, "complaints") as x:
        found = x.get(Complaint, id)
        assert (found.status, found.created_at, found.closed_at) == (State.CLOSED, THEN, THEN)
        assert found.imported
        assert not any((found.contact_by, found.resolve_by, found.progress_by, found.visit_by))
        assert x.children(found, Escalation) == []
        assert found.number.startswith("TS-2017-")


def test_own_numbers_are_kept_and_the_next_begins_after_them(clock: Clock, company: Company) -> None:
    with company.acting("service_lead_n1", "complaints") as x:
        year = x.now.year
        own = [ImportRow(company.sites["n1"], BODY, {"number": n}) for n in ("1-87", f"TS-{year}-000041", "1-87")]
        made = create_many(resource, own, x)
        assert [isinstance(one, Problem) for one in made] == [False, False, True]
        assert x.session.scalars(sa.select(Number.last)).all() == [41]
        assert x.submit(Complaint, company.sites["n1"], {**BODY, "urgency": "normal"}).number == f"TS-{year}-000042"


def test_a_bad_row_stops_no_other(company: Company) -> None:
    with company.acting("service_lead_n1", "complaints") as x:
        rows = _rows(company, 3)
        rows[1] = ImportRow(rows[1].site, {**BODY, "category": "nope", "phone": "x"})
        made = create_many(resource, rows, x)
        assert isinstance(made[1], Problem)
        assert {e.path for e in made[1].errors} == {"category", "phone"}
        assert x.session.scalar(sa.select(sa.func.count()).select_from(Complaint)) == 2


def test_changing_many_writes_one_entry_each_and_leaves_the_same_alone(company: Company) -> None:
    with company.acting("service_lead_n1", "complaints") as x:
        made: list[Any] = create_many(resource, _rows(company, 2), x)
    with company.acting("service_lead_n1", "complaints") as x:
        rows = {
            made[0].id: ImportRow(made[0].site_id, {"location": "新楼", "complainant": "李先生"}),
            made[1].id: ImportRow(made[1].site_id, {"location": made[1].location}),
        }
        out = change_many(resource, rows, x)
        assert out[made[1].id] is None
        assert history.verify(x.session, Complaint.kind, made[0].id)
        assert x.session.scalar(sa.select(sa.func.count()).where(History.record_id == made[0].id)) == 2
        assert x.get(Complaint, made[0].id).row_version == 2
