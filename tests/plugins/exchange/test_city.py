"""The city's 4,000 requests go in as they are, with the mapping that comes along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dougong.records import history
from dougong.records.tables import History
from dougong.tenancy.tables import Site
from dougong_complaints.choices import State
from dougong_complaints.records import Announcement, Complaint, Escalation, Notice, Visit
from dougong_exchange.mapping import Mapping
from dougong_exchange.proposing import shipped
from dougong_exchange.records import Block, Origin, Seen

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_the_mapping_of_the_docs_is_the_one_that_comes_along(city_mapping: Mapping) -> None:
    assert city_mapping in shipped()


def test_the_whole_file(company: Company, bring: Any, city: Path, city_mapping: Mapping) -> None:
    out = bring("complaints", city, mapping=city_mapping)
    assert {k: out[k] for k in ("created", "updated", "skipped", "errors")} == {
        "created": 4000, "updated": 0, "skipped": 0, "errors": 0,
    }, out["faults"][:5]  # fmt: skip
    _as_they_were(company)
    again = bring("complaints", city, mapping=city_mapping)
    assert (again["created"], again["updated"], again["skipped"], again["errors"]) == (0, 0, 4000, 0)


def _as_they_were(company: Company) -> None:
    with company.acting(None, "complaints") as x:
        count = sa.func.count()
        states = dict(x.session.execute(sa.select(Complaint.status, count).group_by(Complaint.status)).all())
        assert states == {State.CLOSED: 3867, State.UNFOUNDED: 130, State.NEW: 3}
        assert x.session.scalar(sa.select(count).select_from(Site)) == 6 + 97 + 1
        assert len(x.settings.categories) == 14 + 11  # "Other" is there already
        first = x.session.scalars(sa.select(Complaint).where(Complaint.number == "1-870704831")).one()
        assert first.created_at.isoformat() == "2018-01-01T07:59:58+00:00"
        assert first.closed_at is not None
        assert first.closed_at.isoformat() == "2018-04-09T16:18:35+00:00"
        assert (first.category, first.imported, first.resolve_by, first.contact_by) == (
            "homeless_encampment",
            True,
            None,
            None,
        )
        for kind in (Notice, Visit, Escalation, Announcement):
            assert x.session.scalar(sa.select(count).select_from(kind)) == 0
        unassigned = x.snapshot.sites.by_slug
        assert sum(1 for node in unassigned.values() if node.name == "未分配") == 1
        assert (
            x.session.scalar(sa.select(count).where(sa.cast(Complaint.statement, sa.Text).contains("O'Farrell"))) == 0
        )
        assert x.session.scalar(sa.select(count).where(sa.cast(History.changes, sa.Text).contains("O'Farrell"))) == 0
        assert x.session.scalar(sa.select(count).select_from(Origin)) == 4000
        assert x.session.scalar(sa.select(count).select_from(Block)) == 0
        assert x.session.scalar(sa.select(count).select_from(Seen)) == 0
        assert history.verify(x.session, Complaint.kind, first.id)
