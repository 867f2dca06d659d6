"""An approval that asks somebody by name is on their hands; one that asks their post is the post's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from dougong import hand_over, open_items

from . import papers

if TYPE_CHECKING:
    from .conftest import Office

KIND = "core.approval"
MANAGER, NAMED, HEIR = "project_manager_n1", "quality", "general_manager"


def asked(office: Office) -> UUID:
    """A sheet whose extension waits for the one who is named."""
    id = office.create(named_id=str(office.company.people[NAMED]))
    office.do(id, "extension_submit", "service_agent_n1")
    office.do(id, "extension_agree", MANAGER)
    assert office.waited(id, "extension") == {NAMED}
    return id


def counts(office: Office, person: str, by: str | None = None) -> dict[str, Any]:
    with office.company.acting(by, "sheets") as x:
        return {one.kind: (one.count, one.ids) for one in open_items(x, office.company.people[person])}


def give(office: Office, to: str) -> Any:
    people = office.company.people
    with office.company.acting(None, "sheets") as x:
        return hand_over(x, people[NAMED], people[to], [KIND], reason="离职交接")


def test_what_asks_by_name_counts_and_what_asks_a_post_does_not(office: Office) -> None:
    before = counts(office, NAMED).get(KIND, (0, ()))[0]
    id = asked(office)
    count, ids = counts(office, NAMED)[KIND]
    assert count == before + 1
    assert id in ids
    assert KIND not in counts(office, MANAGER)
    office.do(id, "extension_agree", NAMED)
    assert counts(office, NAMED).get(KIND, (0, ()))[0] == before


def test_it_is_handed_to_somebody_who_may_sign_and_is_told(office: Office) -> None:
    id = asked(office)
    papers.TOLD.clear()
    done = give(office, HEIR)
    assert done.counts[KIND] >= 1, done
    assert office.waited(id, "extension") == {HEIR}
    assert ("approval_asked", (office.company.people[HEIR],)) in papers.TOLD
    assert KIND not in counts(office, NAMED)
    office.do(id, "extension_agree", HEIR)
    assert office.get(id).until == "later"


def test_who_may_not_sign_does_not_get_it(office: Office) -> None:
    id = asked(office)
    done = give(office, "service_agent_n1")
    assert not done.counts
    assert [(one[0], one[1]) for one in done.refused if one[1] == id] == [(KIND, id)]
    assert office.waited(id, "extension") == {NAMED}
