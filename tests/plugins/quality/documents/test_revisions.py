"""A revision from its draft to its end: signatures, effective dates, emergencies, and never two in force."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid, NotFound
from dougong.records.tables import History
from dougong_quality.documents.choices import CopyState, DocumentState, Standing, State
from dougong_quality.documents.records import Copy, Document, Revision

from .conftest import AGENT, DIRECTOR, ENGINEER, FINANCE, GM, HR, MANAGER, QUALITY, World


def test_from_draft_to_current_with_every_signature(world: World) -> None:
    d = world.document()
    r = world.draft(d.id)
    assert (r.revision, r.status, r.title) == ("A/0", State.DRAFT, d.title)
    assert world.do(QUALITY, Revision, r.id, "release_submit").status is State.COSIGN
    assert world.sign(r.id, HR).status is State.COSIGN  # each post co-signs
    assert world.sign(r.id, FINANCE).status is State.CHECK
    assert world.sign(r.id, DIRECTOR).status is State.APPROVE
    assert world.sign(r.id, GM).status is State.CURRENT
    after = world.see(Document, d.id)
    assert (after.status, after.revision, str(after.effective_on)) == (DocumentState.CURRENT, "A/0", world.day())


def test_nobody_signs_what_they_drafted_and_nobody_out_of_turn(world: World) -> None:
    d = world.document()
    r = world.draft(d.id, by=DIRECTOR)
    world.do(DIRECTOR, Revision, r.id, "release_submit")
    world.sign(r.id, HR, FINANCE)
    for name in (DIRECTOR, QUALITY, HR):
        with pytest.raises(Conflict):
            world.do(name, Revision, r.id, "release_agree")
    assert world.sign(r.id, GM).status is State.APPROVE  # the check climbed to whoever stands above the author
    with pytest.raises(Forbidden):
        world.do(AGENT, Revision, world.release(world.draft(world.document().id).id).id, "drop", reason="试")


def test_returned_with_a_reason_it_is_drafted_again(world: World) -> None:
    r = world.draft(world.document().id)
    world.do(QUALITY, Revision, r.id, "release_submit")
    with pytest.raises(Invalid):
        world.do(HR, Revision, r.id, "release_return")
    assert world.do(HR, Revision, r.id, "release_return", reason="培训一节不清").status is State.DRAFT
    world.edit(QUALITY, Revision, r.id, body="# 目的\n改写")
    assert world.release(r.id).status is State.CURRENT


def test_withdrawn_it_is_a_draft_again(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id)
    world.do(QUALITY, Revision, r.id, "release_submit")
    assert world.do(QUALITY, Revision, r.id, "release_withdraw").status is State.DRAFT
    world.do(QUALITY, Revision, r.id, "enforce", reason="急")
    world.do(QUALITY, Revision, r.id, "ratify_submit")
    assert world.do(QUALITY, Revision, r.id, "ratify_withdraw").status is State.EMERGENCY


def test_what_is_being_signed_or_in_force_is_not_edited(world: World) -> None:
    r = world.draft(world.document().id)
    world.do(QUALITY, Revision, r.id, "release_submit")
    with pytest.raises(Conflict):
        world.edit(QUALITY, Revision, r.id, body="换掉")
    world.sign(r.id, HR, FINANCE, DIRECTOR, GM)
    with pytest.raises(Conflict):
        world.edit(QUALITY, Revision, r.id, body="换掉")
    assert "换掉" not in (world.see(Revision, r.id).body or "")


def test_nothing_to_sign_is_not_submitted(world: World) -> None:
    d = world.document()
    world.do(QUALITY, Document, d.id, "revise", change="首次编写")
    r = world.all(Revision, document_id=d.id)[0]
    with pytest.raises(Conflict, match=r"正文|text"):
        world.do(QUALITY, Revision, r.id, "release_submit")


def test_it_takes_effect_on_its_day_and_not_before(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id, change="换版", new_edition=True)
    world.edit(QUALITY, Revision, r.id, effective_on=world.day(10))
    assert world.release(r.id).status is State.PENDING
    world.clock.through(days=9)
    assert (world.see(Revision, r.id).status, world.see(Document, d.id).revision) == (State.PENDING, "A/0")
    world.clock.through(days=2)
    found = world.see(Revision, r.id)
    assert (found.status, found.revision, str(found.effective_on)) == (State.CURRENT, "B/0", world.day(-1))
    assert [x.status for x in world.all(Revision, document_id=d.id)] == [State.OBSOLETE, State.CURRENT]
    assert world.see(Document, d.id).revision == "B/0"


def test_what_is_approved_can_be_stopped_before_its_day(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id)
    world.edit(QUALITY, Revision, r.id, effective_on=world.day(5))
    world.release(r.id)
    assert world.do(QUALITY, Revision, r.id, "hold_back", reason="法规又改").status is State.DRAFT
    world.clock.through(days=8)
    assert world.see(Document, d.id).revision == "A/0"


def test_one_revision_at_a_time_is_on_its_way(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id)
    with pytest.raises(Conflict):
        world.do(QUALITY, Document, d.id, "revise", change="又一份")
    with pytest.raises(Invalid):
        world.make(Revision, document=d.number, change="又一份")
    world.do(QUALITY, Revision, r.id, "drop", reason="不改了")
    assert world.draft(d.id).revision == "A/1"  # the number of a dropped draft is free again


def test_the_database_takes_no_two_in_force(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id)
    with world.company.session() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(Revision).where(Revision.id == r.id).values(status=State.CURRENT))


def test_two_who_put_it_into_force_at_once_leave_one_current(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id)
    world.do(QUALITY, Revision, r.id, "release_submit")
    world.sign(r.id, HR, FINANCE, DIRECTOR)
    outcomes: list[Any] = []

    def go(step: str, **body: str) -> None:
        try:
            outcomes.append(world.do(GM, Revision, r.id, step, **body).status)
        except Exception as problem:
            outcomes.append(problem)

    threads = [threading.Thread(target=go, args=("release_agree",)) for _n in range(3)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sum(one is State.CURRENT for one in outcomes) >= 1
    assert [one.revision for one in world.all(Revision, document_id=d.id, status=State.CURRENT)] == ["A/1"]


# ---- emergencies ----


def test_an_emergency_revision_holds_at_once_and_is_approved_afterwards(world: World) -> None:
    d = world.in_force()
    r = world.draft(d.id, change="电梯事故后立即停用旧法")
    assert world.do(QUALITY, Revision, r.id, "enforce", reason="同类电梯发生事故").status is State.EMERGENCY
    assert world.see(Document, d.id).revision == "A/1"
    world.do(QUALITY, Revision, r.id, "ratify_submit")
    for name in (DIRECTOR, GM):
        world.do(name, Revision, r.id, "ratify_agree")
    found = world.see(Revision, r.id)
    assert (found.status, found.ratify_late) == (State.CURRENT, False)
    assert found.ratified_at is not None
    world.clock.through(days=10)
    assert world.see(Revision, r.id).status is State.CURRENT


@pytest.mark.parametrize("refused", [False, True])
def test_without_approval_the_former_revision_comes_back(world: World, refused: bool) -> None:
    d = world.in_force()
    former = world.current(d.id)
    world.do(QUALITY, Document, d.id, "distribute", holder="消防控制室")
    r = world.draft(d.id)
    world.do(QUALITY, Revision, r.id, "enforce", reason="急")
    assert world.all(Copy)[0].status is CopyState.RECALL
    if refused:
        world.do(QUALITY, Revision, r.id, "ratify_submit")
        world.do(DIRECTOR, Revision, r.id, "ratify_return", reason="依据不足")
    else:
        world.clock.through(days=6)
    now = world.current(d.id)
    assert former is not None
    assert now is not None
    assert (now.id, world.see(Revision, r.id).status) == (former.id, State.OBSOLETE)
    assert world.see(Document, d.id).revision == "A/0"
    assert world.all(Copy)[0].status is CopyState.OUT  # what had not come back yet need not


# ---- the company's document above ----


def test_a_new_company_revision_has_the_projects_check_theirs(world: World) -> None:
    above = world.in_force()
    mine = world.project_document(above)
    assert world.current(mine.id).against == "A/0"  # type: ignore[union-attr]
    world.release(world.draft(above.id).id)
    child = world.see(Document, mine.id)
    assert child.standing is Standing.CHECK
    assert child.check_by is not None
    checked = world.do(MANAGER, Document, mine.id, "confirm", note="逐条核对，无抵触")
    assert (checked.standing, checked.checked_revision, checked.check_by) == (Standing.FITS, "A/1", None)


def test_below_an_obsolete_document_a_projects_is_flagged_until_it_has_another(world: World) -> None:
    above, other = world.in_force(), world.in_force(title="环境管理程序")
    mine = world.project_document(above)
    world.do(QUALITY, Document, above.id, "withdraw", reason="并入其他程序")
    assert world.see(Document, mine.id).standing is Standing.ORPHAN
    with pytest.raises(Conflict):
        world.do(MANAGER, Document, mine.id, "confirm", note="没关系")
    world.edit(MANAGER, Document, mine.id, parent=other.number)
    assert world.see(Document, mine.id).standing is Standing.FITS


def test_a_projects_revision_says_how_it_keeps_to_the_companys(world: World) -> None:
    above = world.in_force()
    d = world.document(MANAGER, "n1", level="instruction", department="HJ", title="保洁", parent=above.number)
    r = world.draft(d.id, ENGINEER)
    with pytest.raises(Conflict):
        world.do(ENGINEER, Revision, r.id, "release_submit")


# ---- the end, and who sees it ----


def test_obsolete_revisions_are_for_document_control_alone(world: World) -> None:
    d = world.in_force()
    old = world.current(d.id)
    assert old is not None
    assert all(world.sees(name, Revision, old.id) for name in (AGENT, GM, QUALITY))
    r = world.draft(d.id)
    assert not world.sees(AGENT, Revision, r.id)
    assert world.sees(GM, Revision, r.id)
    world.release(r.id)
    assert [name for name in (AGENT, MANAGER, GM, QUALITY) if world.sees(name, Revision, old.id)] == [QUALITY]
    with pytest.raises(NotFound):
        world.do(GM, Revision, old.id, "drop", reason="试")


def test_documents_are_read_downwards_only(world: World) -> None:
    above = world.in_force()
    mine = world.project_document(above)
    assert world.sees(AGENT, Document, above.id)
    assert world.sees(AGENT, Document, mine.id)
    assert not world.sees("service_agent_s1", Document, mine.id)
    assert not world.sees("client_n1", Document, above.id)
    assert not world.sees("resident_n1", Document, above.id)


def test_a_withdrawn_document_is_over(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "withdraw", reason="停用")
    assert world.current(d.id) is None
    with pytest.raises(Conflict):
        world.edit(QUALITY, Document, d.id, title="改名")
    with pytest.raises(Conflict):
        world.do(QUALITY, Document, d.id, "revise", change="又要")


def test_reviews_come_every_year_and_a_missed_one_is_noted(world: World) -> None:
    d = world.in_force()
    assert str(d.review_by.date()) == "2027-03-02"
    world.clock.move(days=360)
    world.clock.run()
    world.clock.through(days=6)
    late = world.see(Document, d.id)
    assert late.review_late
    done = world.do(QUALITY, Document, d.id, "review", result="suitable", note="对照实际运行，仍适用")
    assert done.review_by > world.clock.now
    again = world.do(QUALITY, Document, d.id, "review", result="revise", note="新标准")
    assert again.review_late  # for good
    assert [r.change for r in world.all(Revision, document_id=d.id, status=State.DRAFT)] == ["新标准"]


def test_history_tells_what_was_done(world: World) -> None:
    d = world.in_force()
    with world.acting(None) as x:
        query = sa.select(History.action).where(History.record_id == d.id).order_by(History.id)
        assert list(x.session.scalars(query))[:2] == ["create", "revise"]
