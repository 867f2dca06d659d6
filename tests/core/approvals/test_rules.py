"""Who may sign, and who may not: authors, deputies, vacant posts, lost rights, two at once, edits meanwhile."""

from __future__ import annotations

import pytest
from dougong.access.tables import Grant
from dougong.errors import Changed, Conflict, Forbidden, NotFound
from dougong.records import actions
from dougong.records.erasure import delete

from .conftest import Office
from .papers import Sheet, State, resource


def to_check(office: Office, by: str = "service_agent_n1", **body: object) -> object:
    """A sheet that waits for the quality officer."""
    id = office.create(by, **body)
    office.do(id, "release_submit", by)
    office.do(id, "release_agree", "engineering_lead_n1")
    office.do(id, "release_agree", "security_lead_n1")
    return id


def test_the_drafter_the_creator_and_the_submitter_approve_nothing(office: Office) -> None:
    people = office.company.people
    id = office.create("quality", drafter_id=people["engineering_lead_n1"])
    office.do(id, "release_submit", "service_agent_n1")
    allowed, why = office.offers(id, "engineering_lead_n1")["release_agree"]
    assert not allowed
    assert "security_lead_n1" in why
    assert "engineering_lead_n1" not in office.waited(id)  # the seat climbed
    for who in ("engineering_lead_n1", "service_agent_n1"):
        with pytest.raises((Conflict, Forbidden)):
            office.do(id, "release_agree", who)


def test_a_seat_held_by_authors_alone_climbs_the_line(office: Office) -> None:
    id = office.create("engineering_lead_n1")
    office.do(id, "release_submit", "engineering_lead_n1")
    waited = office.waited(id)
    assert "engineering_lead_n1" not in waited
    assert "project_manager_n1" in waited
    office.do(id, "release_agree", "project_manager_n1")
    seat = next(s for s in office.last(id).seats if s.signed_by == office.company.people["project_manager_n1"])
    assert seat.role == "engineering_lead"
    assert seat.climbed == "project_manager"


def test_a_deputy_signs_in_the_place_of_the_absent(office: Office) -> None:
    people = office.company.people
    id = to_check(office)
    office.absent("quality", "service_lead_n1")  # without the right to approve of their own
    assert office.waited(id) == {"service_lead_n1"}
    with pytest.raises(Conflict):
        office.do(id, "release_agree", "quality")  # while they are away, their deputy signs
    assert office.offers(id, "service_lead_n1")["release_agree"][0]
    office.do(id, "release_agree", "service_lead_n1")
    seat = next(s for s in office.last(id).seats if s.role == "quality")
    assert (seat.signed_by, seat.signed_for) == (people["service_lead_n1"], people["quality"])


def test_an_author_is_nobodys_deputy(office: Office) -> None:
    id = to_check(office)
    office.absent("quality", "service_agent_n1")
    assert "service_agent_n1" not in office.waited(id)
    with pytest.raises((Conflict, Forbidden)):
        office.do(id, "release_agree", "service_agent_n1")


def test_an_author_hands_on_to_nobody_what_they_may_not_sign_themselves(office: Office) -> None:
    id = to_check(office)
    office.absent("quality", "service_agent_n1")  # who wrote it
    office.absent("service_agent_n1", "service_lead_n1")  # whom the author chose
    assert "service_lead_n1" not in office.waited(id)
    with pytest.raises((Conflict, Forbidden)):
        office.do(id, "release_agree", "service_lead_n1")


def test_a_deputy_of_two_takes_both_seats_only_where_nobody_else_is_there(office: Office) -> None:
    id = office.create()
    office.do(id, "release_submit", "service_agent_n1")
    office.absent("engineering_lead_n1", "security_lead_n1")
    office.do(id, "release_agree", "security_lead_n1")  # nobody else is there for either
    assert office.get(id).status is State.CHECK
    other = office.create()
    office.do(other, "release_submit", "service_agent_n1")
    office.company.add_person("second_security", ("security_lead", "n1"))
    office.do(other, "release_agree", "security_lead_n1")
    assert office.get(other).status is State.COSIGN
    assert office.waited(other) == {"second_security"}
    allowed, why = office.offers(other, "security_lead_n1")["release_agree"]
    assert not allowed
    assert "second_security" in why
    with office.company.session() as session:
        for grant in session.query(Grant).filter(Grant.person_id == office.company.people["second_security"]):
            session.delete(grant)


def test_nobody_at_all_and_submitting_is_refused_in_words(office: Office) -> None:
    office.company.add_site("lone") if "lone" not in office.company.sites else None
    id = office.create("general_manager", site="lone", amount=200_000)
    allowed, _why = office.offers(id, "general_manager")["spending_submit"]
    assert not allowed
    with pytest.raises(Conflict) as refused:
        office.do(id, "spending_submit", "general_manager")
    assert "general" in str(refused.value).lower() or "总经理" in str(refused.value) or "公司" in str(refused.value)


def test_below_the_threshold_nobody_is_asked(office: Office) -> None:
    id = office.create(amount=100)
    office.do(id, "spending_submit", "service_agent_n1")
    assert office.get(id).status is State.VALID
    assert office.last(id).state == "granted"
    big = office.create(amount=100_001)
    office.do(big, "spending_submit", "service_agent_n1")
    assert office.waited(big, "spending") == {"general_manager"}


def test_returned_with_a_reason_the_next_submission_is_a_new_round(office: Office) -> None:
    id = to_check(office)
    office.do(id, "release_return", "quality", reason="section 3")
    assert office.get(id).status is State.DRAFT
    office.do(id, "release_submit", "service_agent_n1")
    last = office.last(id)
    assert (last.round, last.row.level, last.signers) == (2, 0, [])


def test_only_the_submitter_withdraws(office: Office) -> None:
    id = to_check(office)
    with pytest.raises(Conflict):
        office.do(id, "release_withdraw", "service_lead_n1")
    office.do(id, "release_withdraw", "service_agent_n1")
    assert office.get(id).status is State.DRAFT
    assert office.last(id).state == "withdrawn"


def test_while_it_is_approved_it_is_not_edited_unless_the_declaration_lets_it(office: Office) -> None:
    id = to_check(office)
    with pytest.raises(Conflict) as refused:
        office.edit(id, "service_lead_n1", title="other")
    assert refused.value.status == 409
    loose = office.create()
    office.do(loose, "extension_submit", "service_agent_n1")
    office.edit(loose, "service_lead_n1", title="other")
    assert office.get(loose).title == "other"


def test_an_extension_leaves_the_state_and_calls_its_handlers(office: Office) -> None:
    people = office.company.people
    id = office.create(named_id=people["quality"])
    office.do(id, "extension_submit", "service_agent_n1", until="May")
    office.do(id, "extension_agree", "project_manager_n1")
    assert office.get(id).until is None
    assert office.waited(id, "extension") == {"quality"}
    office.do(id, "extension_agree", "quality")
    assert (office.get(id).status, office.get(id).until) == (State.DRAFT, "later")
    office.do(id, "extension_submit", "service_agent_n1")
    office.do(id, "extension_return", "project_manager_n1", reason="no")
    assert office.get(id).until == "no: no"


def test_who_may_not_see_it_approves_nothing(office: Office) -> None:
    people = office.company.people
    id = office.create("service_agent_n1", secret_from=people["quality"])
    office.do(id, "release_submit", "service_agent_n1")
    office.do(id, "release_agree", "engineering_lead_n1")
    office.do(id, "release_agree", "security_lead_n1")
    assert "quality" not in office.waited(id)
    assert office.waited(id)
    with pytest.raises(NotFound):
        office.do(id, "release_agree", "quality")


def test_a_right_lost_between_asking_and_signing(office: Office) -> None:
    id = office.create()
    office.do(id, "extension_submit", "service_agent_n1")
    assert office.waited(id, "extension") == {"project_manager_n1"}
    with office.company.session() as session:
        mine = session.query(Grant).filter(Grant.person_id == office.company.people["project_manager_n1"]).one()
        mine.ends_at = office.clock.now
    try:
        waited = office.waited(id, "extension")
        assert "project_manager_n1" not in waited
        assert waited
        with pytest.raises((Forbidden, NotFound)):
            office.do(id, "extension_agree", "project_manager_n1")
    finally:
        with office.company.session() as session:
            session.query(Grant).filter(
                Grant.person_id == office.company.people["project_manager_n1"]
            ).one().ends_at = None


def test_two_signatures_at_once_one_wins(office: Office) -> None:
    id = office.create()
    office.do(id, "release_submit", "service_agent_n1")
    seen = office.get(id).row_version
    office.do(id, "release_agree", "engineering_lead_n1", version=seen)
    with pytest.raises(Changed):
        office.do(id, "release_agree", "security_lead_n1", version=seen)


def test_another_way_out_stops_the_round(office: Office) -> None:
    id = to_check(office)
    office.do(id, "drop", "service_lead_n1")
    assert office.last(id).state == "stopped"
    with pytest.raises(Conflict):
        office.do(id, "release_agree", "quality")


def test_another_company_sees_nothing_of_it(office: Office, other: Office) -> None:
    id = to_check(office)
    with pytest.raises(NotFound):
        other.do(id, "release_agree", "quality")


def test_a_deleted_record_takes_its_rounds_along(office: Office) -> None:
    id = to_check(office)
    with office.company.acting(None, "sheets") as x:
        delete(x, x.session.get_one(Sheet, (x.tenant, id)), reason="test")
    with office.company.session() as session:
        from dougong.records.approval_tables import ApprovalRow, ApprovalSeat

        assert not session.query(ApprovalRow).count()
        assert not session.query(ApprovalSeat).count()


def test_a_record_that_comes_from_a_file_is_not_being_approved(office: Office) -> None:
    with office.company.acting("service_agent_n1", "sheets") as x:
        x.imported = True
        made = actions.create(resource, {"title": "x"}, x, site=office.company.sites["n1"])
        assert made.approve_by is None
        assert not x.session.info.get("approvals", {}).get((made.kind, made.id))
