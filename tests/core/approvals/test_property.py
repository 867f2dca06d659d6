"""Whatever levels, posts, absences and signatures come: no author signs, and nothing is granted that lacks a signature."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import Level
from dougong.access.tables import Deputy
from dougong.errors import Conflict, Forbidden, NotFound
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from . import papers
from .conftest import Office

ROLES = ("engineering_lead", "security_lead", "quality", "project_manager", "general_manager", "no_such_post")
PEOPLE = (
    "service_agent_n1", "service_lead_n1", "engineering_lead_n1", "security_lead_n1", "quality", "project_manager_n1",
    "general_manager", "regional_director_north",
)  # fmt: skip
LEVELS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(ROLES), max_size=3), st.lists(st.sampled_from(PEOPLE), max_size=2), st.booleans()
    ),
    min_size=1,
    max_size=3,
)
AWAY = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=3)


@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
 suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(levels=LEVELS, away=AWAY, author=st.sampled_from(PEOPLE), order=st.permutations(PEOPLE), data=st.data())
def test_no_author_signs_and_nothing_is_granted_without(
    office: Office, levels: Any, away: Any, author: str, order: list[str], data: Any
) -> None:
    people = office.company.people
    known = [name for name in PEOPLE if name in people]
    with office.company.session() as session:
        session.execute(sa.delete(Deputy))
    for one, deputy in dict(away).items():
        if one in people and deputy in people and one != deputy:
            office.absent(one, deputy)
    made = [
        Level(f"l{n}", papers._("Level"), roles, [people[p] for p in named if p in people], "all" if every else "any")
        for n, (roles, named, every) in enumerate(levels)
    ]
    before, papers.extension.levels = papers.extension.levels, lambda s, x: made
    try:
        submitter = data.draw(st.sampled_from(known))
        id = office.create("service_agent_n1", drafter_id=people.get(author))
        papers.extension.authors = lambda s, x: {s.drafter_id}
        try:
            office.do(id, "extension_submit", submitter)
        except Conflict:
            return  # somewhere nobody may: said at submitting
        for _round in range(12):
            if not office.last(id).running:
                break
            for who in (*order, *sorted(office.waited(id, "extension"))):
                if who in people:
                    with contextlib.suppress(Conflict, Forbidden, NotFound):
                        office.do(id, "extension_agree", who)
        last = office.last(id)
        authors = {people["service_agent_n1"], people[submitter], people.get(author)}
        assert not authors & {seat.signed_by for seat in last.seats}
        assert not authors & {seat.signed_for for seat in last.seats if seat.signed_for}
        assert last.state == "granted", "what could be submitted can be granted"
        for number, level in enumerate(last.row.levels):
            signed = [seat.outcome == "agreed" for seat in last.at(number)]
            assert all(signed) if level["need"] == "all" else any(signed)
    finally:
        papers.extension.levels, papers.extension.authors = before, None


def test_an_absence_that_begins_later_counts_from_then(office: Office) -> None:
    id = office.create()
    office.do(id, "extension_submit", "service_agent_n1")
    office.absent("project_manager_n1", "quality")
    assert office.waited(id, "extension") == {"quality"}
    office.clock.move(days=6)
    assert office.waited(id, "extension") == {"project_manager_n1"}
    assert office.clock.now > dt.datetime(2026, 3, 8, tzinfo=dt.UTC)
