"""From opening to closing: who may do what, what must be there first, and that nothing is erased on the way back."""

from __future__ import annotations

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound
from dougong_quality.corrective.choices import Kind, MeasureState, Severity, Source, State
from dougong_quality.corrective.records import Analysis, Evaluation, Measure, Nonconformity, Verification

from .conftest import (
    ANALYSIS,
    BONES,
    ENGINEER,
    HAND,
    MANAGER,
    OTHER_ENGINEER,
    OTHER_MANAGER,
    QUALITY,
    REGION,
    SECURITY,
    TECHNICIAN,
    WHYS,
    World,
)


def test_from_opening_to_closing(world: World) -> None:
    id = world.bring(State.CLOSED)
    c = world.see(id)
    assert (c.number[:4], c.status, c.round, c.ineffective) == ("BFH-", State.CLOSED, 1, 0)
    assert c.closed_at == world.clock.now
    assert c.root == "巡查表没有挡位一项"
    assert c.cause is not None
    assert c.cause.value == "method"


def test_a_potential_one_skips_the_containment(world: World) -> None:
    id = world.open(nature="potential")
    world.do(QUALITY, id, "issue")
    c = world.see(id)
    assert (c.nature, c.status, c.contain_by) == (Kind.POTENTIAL, State.CAUSE, None)


def test_nobody_named_means_the_sites_manager_and_the_usual_time(world: World) -> None:
    minor, major = world.open(responsible_id=None), world.open(responsible_id=None, severity="major")
    assert str(world.see(minor).responsible_id) == world.id(MANAGER)
    assert str(world.see(minor).due) == world.day(30)
    assert str(world.see(major).due) == world.day(15)


@pytest.mark.parametrize("who", [OTHER_ENGINEER, "nobody", "finance", "quality"])
def test_responsible_is_somebody_who_can_correct_it_here(world: World, who: str) -> None:
    with pytest.raises(Invalid) as error:
        world.open(responsible_id=world.id(who))
    assert error.value.errors[0].path == "responsible_id"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "nothing"),
        ("clause", "1:2 3"),
        ("severity", "awful"),
        ("due", "2026-02-28"),
        ("due", "soon"),
        ("statement", " "),
    ],
)
def test_bad_input_is_named(world: World, field: str, value: str) -> None:
    with pytest.raises(Invalid) as error:
        world.open(**{field: value})
    assert error.value.errors[0].path == field


# ---- roles ----


@pytest.mark.parametrize("step", ["contain", "analyse", "plan", "start", "submit"])
def test_quality_rectifies_nothing(world: World, step: str) -> None:
    state = {"contain": State.CONTAIN, "analyse": State.CAUSE, "plan": State.PLAN, "start": State.PLAN}.get(
        step, State.ACT
    )
    id = world.bring(state)
    with pytest.raises(Forbidden):
        world.do(QUALITY, id, step)


@pytest.mark.parametrize("step", ["issue", "cancel", "verify", "judge", "repeat"])
@pytest.mark.parametrize("who", [MANAGER, ENGINEER])
def test_who_rectifies_judges_nothing(world: World, who: str, step: str) -> None:
    id = world.open()
    with pytest.raises(Forbidden):
        world.do(who, id, step)


def test_trades_see_only_what_is_theirs(world: World) -> None:
    id = world.bring(State.PLAN)
    assert world.sees(ENGINEER, id)
    assert not world.sees(SECURITY, id)
    assert not world.sees(HAND, id)
    one = world.plan(id, who=HAND)
    assert world.sees(HAND, id)
    assert world.sees(HAND, one.id, Measure)
    assert not world.sees(SECURITY, one.id, Measure)
    assert not world.sees(OTHER_MANAGER, id)
    assert not world.sees("finance", id)
    with pytest.raises(NotFound):
        world.do(SECURITY, id, "start")


# ---- guards ----


def test_implementation_needs_a_measure_that_takes_the_cause_away(world: World) -> None:
    id = world.bring(State.PLAN)
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "start")
    world.plan(id, type="correction")
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "start")
    world.plan(id)
    world.do(ENGINEER, id, "start")
    assert world.see(id).status is State.ACT


def test_measures_are_done_only_when_they_were_released(world: World) -> None:
    id = world.bring(State.PLAN)
    one = world.plan(id)
    with pytest.raises(Conflict):
        world.do(TECHNICIAN, one.id, "finish", kind=Measure, result="已做")


def test_submitting_needs_all_measures_done_or_dropped(world: World) -> None:
    id = world.bring(State.ACT)
    second = world.plan(id, text="全员培训")
    first = world.measures(id)[0]
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "submit")
    world.do(TECHNICIAN, first.id, "finish", kind=Measure, result="已改表")
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "submit")
    world.do(MANAGER, second.id, "drop", kind=Measure, reason="并入月度培训")
    world.do(ENGINEER, id, "submit")
    assert world.see(id).rectified_at == world.clock.now


def test_all_dropped_is_nothing_done(world: World) -> None:
    id = world.bring(State.ACT)
    world.do(MANAGER, world.measures(id)[0].id, "drop", kind=Measure, reason="不需要")
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "submit")


def test_a_measure_ends_before_the_nonconformity(world: World) -> None:
    id = world.bring(State.PLAN)
    for days in (-1, 31):
        with pytest.raises(Invalid) as error:
            world.plan(id, days=days)
        assert error.value.errors[0].path == "due"
    with pytest.raises(Invalid):
        world.plan(id, who=OTHER_ENGINEER)
    assert world.measures(id) == []


# ---- verification ----


def test_neither_responsible_nor_doer_verifies(world: World) -> None:
    world.company.grant(ENGINEER, "quality", "n1")
    world.company.grant(TECHNICIAN, "quality", "n1")
    id = world.bring(State.VERIFY)
    for who in (ENGINEER, TECHNICIAN):
        with pytest.raises(Conflict):
            world.do(who, id, "verify", verdict="passed", text="看过了")
    world.do(REGION, id, "verify", verdict="passed", text="现场核查")
    assert world.see(id).status is State.EFFECT


def test_a_former_doer_still_does_not_verify(world: World) -> None:
    """Handing the measure to somebody else after it was done washes nobody's hands."""
    world.company.grant(TECHNICIAN, "quality", "n1")
    id = world.bring(State.ACT)
    world.finish(id)
    world.do(QUALITY, id, "reassign", responsible_id=world.id(MANAGER), reason="调岗")
    world.do(MANAGER, id, "submit")
    with pytest.raises(Conflict):
        world.do(TECHNICIAN, id, "verify", verdict="passed", text="看过了")


def test_not_passed_goes_back_to_implementation(world: World) -> None:
    id = world.bring(State.VERIFY)
    world.do(QUALITY, id, "verify", verdict="failed", text="2 号楼未更换")
    c = world.see(id)
    assert (c.status, c.rectified_at, c.verified_at, c.round) == (State.ACT, None, None, 1)
    one = world.measures(id)[0]
    world.do(QUALITY, one.id, "redo", kind=Measure, reason="补做 2 号楼")
    assert world.see(one.id, Measure).status is MeasureState.OPEN
    world.finish(id)
    world.do(ENGINEER, id, "submit")
    world.do(QUALITY, id, "verify", verdict="passed", text="已补")
    assert [v.verdict.value for v in world.children(id, Verification)] == ["failed", "passed"]


# ---- effect ----


@pytest.mark.parametrize(("over", "days"), [({}, 30), ({"severity": "major"}, 90)])
def test_effective_only_when_its_time_has_come(world: World, over: dict[str, str], days: int) -> None:
    id = world.bring(State.EFFECT, **over)
    world.clock.move(days=days, minutes=-1)
    with pytest.raises(Conflict):
        world.do(QUALITY, id, "judge", effect="effective", text="无再发")
    world.clock.move(minutes=1)
    world.do(QUALITY, id, "judge", effect="effective", text="无再发")
    assert world.see(id).status is State.CLOSED


def test_ineffective_goes_back_to_the_cause_and_erases_nothing(world: World) -> None:
    id = world.bring(State.EFFECT)
    world.clock.move(days=10)
    world.do(QUALITY, id, "judge", effect="ineffective", text="又有两处")  # sooner than its time: it has shown itself
    c = world.see(id)
    assert (c.status, c.round, c.ineffective, str(c.due)) == (State.CAUSE, 2, 1, world.day(30))
    world.do(ENGINEER, id, "analyse", **{**ANALYSIS, "factor": "people"})
    with pytest.raises(Conflict):  # the measures of the first round are no measures of this one
        world.do(ENGINEER, id, "start")
    world.plan(id, text="换挡位锁")
    world.do(ENGINEER, id, "start")
    world.finish(id)
    world.do(ENGINEER, id, "submit")
    world.do(QUALITY, id, "verify", verdict="passed", text="已锁")
    assert [(a.round, a.factor.value) for a in world.children(id, Analysis)] == [(1, "method"), (2, "people")]
    assert [m.round for m in world.measures(id)] == [1, 2]
    assert [e.effect.value for e in world.children(id, Evaluation)] == ["ineffective"]
    world.clock.move(days=31)
    with pytest.raises(Conflict):  # what failed once is judged after the longer time
        world.do(QUALITY, id, "judge", effect="effective", text="无再发")


def test_cancelled_keeps_its_number_and_reason(world: World) -> None:
    id = world.bring(State.CANCELLED)
    assert world.see(id).closed_at == world.clock.now
    for step in ("issue", "verify"):
        with pytest.raises(Conflict):
            world.do(QUALITY, id, step)


# ---- the analysis as data ----


def _whys(n: int, root: int | None = -1) -> list[dict[str, object]]:
    made: list[dict[str, object]] = [{"why": f"为何{i}", "because": f"因为{i}", "root": False} for i in range(n)]
    if root is not None:
        made[root]["root"] = True
    return made


@pytest.mark.parametrize(
    ("whys", "bones", "path"),
    [
        ([], [], "whys"),
        (_whys(2), [], "whys"),
        (_whys(8), [], "whys"),
        (_whys(4, None), [], "whys"),
        (_whys(4, 1), [], "whys"),
        ([*_whys(3, 0)[:1], *_whys(3)], [], "whys"),
        ([], [{"factor": "method", "cause": "无制度", "root": False}], "whys"),
        ([], [BONES[0], BONES[0]], "bones"),
        ([], [{"factor": "mood", "cause": "心情", "root": True}], "bones.0.factor"),
        ([], [{"factor": "people", "cause": "", "root": True}], "bones.0.cause"),
        ([], [{"factor": "people", "cause": "长" * 301, "root": True}], "bones.0.cause"),
        ([], [{"factor": "people", "cause": f"原因{n}", "root": True} for n in range(37)], "bones"),
        ([{"why": "为何\x00", "because": "x"}, *_whys(2)], [], "whys.0.why"),
        ("text", [], "whys"),
        ([{"why": "为何", "because": "因", "colour": "red"}, *_whys(2)], [], "whys.0.colour"),
    ],
)
def test_what_is_no_analysis_is_refused_where_it_is_wrong(world: World, whys: object, bones: object, path: str) -> None:
    id = world.bring(State.CAUSE)
    with pytest.raises(Invalid) as error:
        world.do(ENGINEER, id, "analyse", whys=whys, bones=bones, factor="method")
    assert path in {e.path for e in error.value.errors}
    assert world.children(id, Analysis) == []
    assert world.see(id).status is State.CAUSE


@pytest.mark.parametrize(("whys", "bones"), [(WHYS, []), ([], BONES), (_whys(7), [])])
def test_either_is_enough(world: World, whys: object, bones: object) -> None:
    id = world.bring(State.CAUSE)
    world.do(ENGINEER, id, "analyse", whys=whys, bones=bones, factor="machine")
    assert world.see(id).status is State.PLAN


def test_a_better_analysis_is_another_entry(world: World) -> None:
    id = world.bring(State.PLAN)
    world.do(ENGINEER, id, "analyse", whys=_whys(5), bones=[], factor="people")
    assert [a.factor.value for a in world.children(id, Analysis)] == ["method", "people"]
    assert world.see(id).severity is Severity.MINOR


def test_a_measure_changes_hands_with_a_reason(world: World) -> None:
    id = world.bring(State.ACT)
    one = world.measures(id)[0]
    body = {"responsible_id": world.id(ENGINEER), "due": world.day(8), "reason": "技工休假"}
    with pytest.raises(Forbidden):
        world.do(TECHNICIAN, one.id, "change", kind=Measure, **body)
    with pytest.raises(Invalid):
        world.do(MANAGER, one.id, "change", kind=Measure, **{**body, "due": world.day(60)})
    world.do(MANAGER, one.id, "change", kind=Measure, **body)
    changed = world.see(one.id, Measure)
    assert (str(changed.responsible_id), str(changed.due)) == (world.id(ENGINEER), world.day(8))


def test_issuing_needs_somebody_responsible(world: World) -> None:
    with world.company.acting(None, "quality") as x:
        empty = x.create(Nonconformity, world.company.sites["north"], **_found())
        id = empty.id
        assert empty.responsible_id is None
    with pytest.raises(Conflict):
        world.do(QUALITY, id, "issue")


def _found() -> dict[str, object]:
    return {
        "nature": Kind.FOUND,
        "source": Source.SELF,
        "severity": Severity.MINOR,
        "category": "other",
        "statement": "无人负责",
    }
