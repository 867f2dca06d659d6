"""Audits from the programme to the close, and that nobody audits their own work."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong_quality.system.choices import AuditState, FindingState, Grade, ProgrammeState
from dougong_quality.system.records import Audit, AuditFinding, Programme

from .conftest import AUDIT, DIRECTOR, MANAGER, QUALITY

PROGRAMME = {"year": 2026, "title": "2026 年度内审计划"}


def test_a_programme_is_approved_by_leaders_and_closed_when_its_audits_are(world: Any) -> None:
    id = world.make(Programme, PROGRAMME)
    world.do(QUALITY, Programme, id, "approve_submit")
    with pytest.raises((Forbidden, Conflict)):
        world.do(QUALITY, Programme, id, "approve_agree")
    assert world.do(DIRECTOR, Programme, id, "approve_agree").status is ProgrammeState.RUNNING
    audit = world.make(Audit, AUDIT, "n1", programme_id=str(id))
    with pytest.raises(Conflict, match=r"."):
        world.do(QUALITY, Programme, id, "finish")
    world.do(QUALITY, Audit, audit, "cancel", reason="并入下次")
    closed = world.do(QUALITY, Programme, id, "finish")
    assert closed.status is ProgrammeState.CLOSED
    assert not closed.close_late


def test_the_programme_of_a_year_is_overdue_when_the_year_is_over(world: Any) -> None:
    id = world.make(Programme, PROGRAMME)
    world.later(dt.datetime(2027, 1, 2, 1, tzinfo=dt.UTC))
    assert world.see(Programme, id).close_late


def test_an_audit_from_plan_to_close(world: Any) -> None:
    id = world.running()
    lines = world.lines(id)
    assert len(lines) == world.see(Audit, id).asked > 30
    assert {line.standard for line in lines} == {"9001:2015"}
    with pytest.raises(Conflict):
        world.do(QUALITY, Audit, id, "report", conclusion="尚早")
    world.do(QUALITY, Audit, id, "answer", answers=world.answers(id, c7_5_3="nonconforming", c9_1_3="observation"))
    found = world.do(QUALITY, Audit, id, "report", conclusion="基本有效")
    assert (found.status, found.failed, found.observed) == (AuditState.REPORTED, 1, 1)
    findings = world.all(AuditFinding)
    assert {(one.clause, one.grade) for one in findings} == {("7.5.3", Grade.MINOR), ("9.1.3", Grade.OBSERVATION)}
    assert {one.site_id for one in findings} == {world.company.sites["n1"]}
    world.do(QUALITY, Audit, id, "follow")
    with pytest.raises(Conflict):
        world.do(QUALITY, Audit, id, "close")
    for one in findings:
        settled = world.do(MANAGER, AuditFinding, one.id, "settle", settlement="已收回旧版")
        assert settled.status is FindingState.SETTLED
    closed = world.do(QUALITY, Audit, id, "close")
    assert closed.next_on == dt.date(2027, 3, 11)
    assert closed.again_by is not None


def test_the_next_audit_of_the_same_kind_meets_the_yearly_clock(world: Any) -> None:
    first = world.reported()
    world.do(QUALITY, Audit, first, "follow")
    world.do(QUALITY, Audit, first, "close")
    world.clock.at(dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC))
    second = world.make(Audit, AUDIT, "n1", opens_on="2026-11-03", closes_on="2026-11-05")
    assert world.see(Audit, first).followed_at is None, "a plan alone meets nothing"
    world.do(QUALITY, Audit, second, "prepare", lead_id=world.id(QUALITY))
    world.do(QUALITY, Audit, second, "start")
    world.do(QUALITY, Audit, second, "answer", answers=world.answers(second))
    world.do(QUALITY, Audit, second, "report", conclusion="有效")
    assert world.see(Audit, first).followed_at is not None
    assert not world.see(Audit, first).again_late


def test_without_a_next_audit_the_year_runs_out(world: Any) -> None:
    id = world.reported()
    world.do(QUALITY, Audit, id, "follow")
    world.do(QUALITY, Audit, id, "close")
    world.later(dt.datetime(2027, 3, 13, 1, tzinfo=dt.UTC))
    assert world.see(Audit, id).again_late


def test_a_report_after_the_last_day_is_late(world: Any) -> None:
    id = world.running()
    world.later(dt.datetime(2026, 3, 13, 1, tzinfo=dt.UTC))
    world.do(QUALITY, Audit, id, "answer", answers=world.answers(id))
    assert world.do(QUALITY, Audit, id, "report", conclusion="有效").report_late


# ---- independence ----


@pytest.mark.parametrize("who", ["project_manager_n1", "technician_n1", "regional_director_north"])
def test_nobody_audits_a_site_where_they_hold_a_post(world: Any, who: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.make(Audit, AUDIT, "n1", auditor_id=world.id(who))
    assert [error.path for error in refused.value.errors] == ["auditor_id"]


def test_somebody_of_another_site_may(world: Any) -> None:
    assert world.make(Audit, AUDIT, "n1", auditor_id=world.id("project_manager_s1"))
    assert world.make(Audit, AUDIT, "n2", auditor_id=world.id("project_manager_n1"))


def test_the_quality_specialist_does_not_audit_the_quality_department(world: Any) -> None:
    with pytest.raises(Invalid):
        world.make(Audit, AUDIT, None, department="quality", lead_id=world.id(QUALITY))
    with pytest.raises(Invalid):
        world.make(Audit, AUDIT, "n1", department="quality", lead_id=world.id(QUALITY))
    assert world.make(Audit, AUDIT, None, department="finance", lead_id=world.id(QUALITY))


def test_an_audit_of_the_whole_company_names_a_department(world: Any) -> None:
    with pytest.raises(Invalid) as refused:
        world.make(Audit, AUDIT)
    assert refused.value.errors[0].path == "department"


def test_who_gets_a_post_during_the_audit_answers_no_more(world: Any) -> None:
    id = world.running()
    world.company.grant(QUALITY, "service_lead", "n1")
    with pytest.raises(Invalid):
        world.do(QUALITY, Audit, id, "answer", answers=world.answers(id))


def test_being_an_auditor_is_no_post_in_what_is_audited_and_opens_only_ones_own(world: Any) -> None:
    world.company.grant("technician_s1", "auditor", "n1", relation="team")
    mine = world.make(Audit, AUDIT, "n1", auditor_id=world.id("technician_s1"))
    other = world.make(Audit, AUDIT, "n1")
    assert world.sees("technician_s1", Audit, mine)
    assert not world.sees("technician_s1", Audit, other)


def test_only_the_team_answers(world: Any) -> None:
    id = world.running(lead_id=None)
    world.edit(Audit, id, lead_id=world.id("project_manager_s1"))
    with pytest.raises(Conflict):
        world.do(QUALITY, Audit, id, "answer", answers=world.answers(id))


# ---- bad inputs ----


def test_wrong_answers_are_refused_in_words_and_nothing_is_kept(world: Any) -> None:
    id, other = world.running(), world.running("n2")
    good, alien = world.answers(id)[0], world.answers(other)[0]
    for wrong, path in (
        ([good, alien], "answers.1.id"),
        ([{**good, "verdict": "nonconforming", "evidence": None}], "answers.0.evidence"),
        ([{**good, "verdict": "perhaps"}], "answers.0.verdict"),
        ([], "answers"),
        ("everything", "answers"),
    ):
        with pytest.raises(Invalid) as refused:
            world.do(QUALITY, Audit, id, "answer", answers=wrong)
        assert refused.value.errors[0].path == path
    assert world.see(Audit, id).answered == 0


def test_days_in_order_and_a_body_for_external_audits(world: Any) -> None:
    with pytest.raises(Invalid):
        world.make(Audit, AUDIT, "n1", closes_on="2026-03-01")
    with pytest.raises(Invalid) as refused:
        world.make(Audit, AUDIT, None, kind_of="surveillance")
    assert refused.value.errors[0].path == "body"


def test_an_external_audit_has_no_checklist_of_ours_and_clocks_of_its_certificate(world: Any) -> None:
    id = world.make(
        Audit,
        AUDIT,
        kind_of="surveillance",
        body="认证机构",
        certificate="Q1",
        certificate_until="2026-12-31",
        next_on="2026-12-01",
    )
    world.do(QUALITY, Audit, id, "begin_external")
    world.do(QUALITY, Audit, id, "add_finding", grade="major", statement="未见 2025 年演练记录")
    world.do(QUALITY, Audit, id, "report", conclusion="推荐保持")
    world.do(QUALITY, Audit, id, "follow")
    (finding,) = world.all(AuditFinding)
    assert finding.grade is Grade.MAJOR
    world.do(QUALITY, AuditFinding, finding.id, "settle", settlement="已补演练")
    closed = world.do(QUALITY, Audit, id, "close")
    assert closed.again_by is not None
    assert closed.certificate_by is not None
    world.later(dt.datetime(2027, 1, 2, 1, tzinfo=dt.UTC))
    late = world.see(Audit, id)
    assert late.again_late
    assert late.certificate_late


def test_a_manager_reads_the_audits_of_the_own_site_only(world: Any) -> None:
    here, there = world.make(Audit, AUDIT, "n1"), world.make(Audit, AUDIT, "s1")
    assert world.sees(MANAGER, Audit, here)
    assert not world.sees(MANAGER, Audit, there)


def test_another_company_sees_nothing(world: Any, other_company: Any) -> None:
    id = world.make(Audit, AUDIT, "n1")
    with other_company.acting("quality", "quality") as x:
        assert x.session.scalar(x.readable(Audit).where(Audit.id == id)) is None
