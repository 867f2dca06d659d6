"""An employee's account may be linked after the round has begun: from that moment they are the subject of their appraisal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Invalid, Problem
from dougong_hr.appraisal.choices import AppraisalState, RatingState
from dougong_hr.appraisal.records import Appraisal
from dougong_hr.organisation.records import Position

from .conftest import AGENT, GIVEN, GOALS, HR, LEAD, MANAGER, OWN

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

MATE = "hr_b"  # keeps appraisals as HR does, and is appraised themselves


@pytest.fixture
def mate(world: World) -> Any:
    """An employee under the lead whose account is not linked yet."""
    world.line()
    world.company.add_person(MATE, ("hr", world.company.slug))
    (lead,) = world.all(Position, code="客服主管")
    made = world.employee("人事专员")
    world.seat(made, world.post("人事专员", lead))
    world.started()
    return made


def appraisal(world: World, e: Any) -> Any:
    (found,) = world.all(Appraisal, employee_id=e.id)
    return found


def rated(world: World, e: Any) -> Any:
    a = appraisal(world, e)
    world.do(LEAD, a, "set_goals", goals=GOALS)
    world.do(LEAD, a, "agree_goals")
    a = world.do(HR, a, "rate_self", scores=OWN)
    world.do(LEAD, world.rating(a), "give", scores=GIVEN, words="办结率达标")
    return world.see(a)


def link(world: World, e: Any, account: str | None, by: str = HR) -> Any:
    return world.do(by, e, "choose_account", person=world.id(account) if account else None)


def test_who_is_linked_late_does_not_see_the_rating_early(world: World, platform: Running, mate: Any) -> None:
    a = rated(world, mate)
    r = world.rating(a)
    assert world.sees(MATE, r), "one of human resources, as long as nobody knows that it is theirs"
    link(world, mate, MATE)
    assert not world.sees(MATE, r)
    program = platform.program(world.company, MATE)
    assert program.api("GET", f"/hr/rating/{r.id}").status_code == 404
    assert GIVEN["results"] != OWN["results"]
    sheet = platform.browser(world.company, MATE).get(f"/hr/appraisals/{a.id}/sheet")
    assert sheet.status_code == 200
    assert f"{GIVEN['results']}<" not in sheet.text
    world.do(MANAGER, r, "confirm")
    assert not world.sees(MATE, r)
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="谈过")
    assert world.sees(MATE, r)
    assert world.do(MATE, a, "accept").status is AppraisalState.FINAL


def test_who_is_linked_late_handles_their_own_appraisal_no_more(world: World, mate: Any) -> None:
    a = appraisal(world, mate)
    link(world, mate, MATE)
    assert world.see(a).person_id == world.company.people[MATE]
    for step, body in (
        ("drop", {"reason": "不想考"}),
        ("assign", {"rater": world.id(HR), "reviewer": world.id(MANAGER)}),
        ("agree_goals", {}),
    ):
        with pytest.raises(Problem):
            world.do(MATE, a, step, **body)
    world.do(MATE, a, "set_goals", goals=GOALS)
    world.do(LEAD, a, "agree_goals")
    with pytest.raises(Conflict):
        world.do(HR, a, "rate_self", scores=OWN)
    assert world.do(MATE, a, "rate_self", scores=OWN).status is AppraisalState.RATING
    assert world.see(a).rater_id == world.company.people[LEAD]


def test_whoever_would_have_rated_and_turns_out_to_be_the_employee_rates_no_more(world: World, mate: Any) -> None:
    a = appraisal(world, mate)
    world.do(HR, a, "assign", rater=world.id(MATE), reviewer=world.id(MANAGER))
    world.do(MATE, a, "set_goals", goals=GOALS)
    link(world, mate, MATE)
    a = world.see(a)
    assert a.rater_id == world.company.people[LEAD], "the line is drawn anew"
    with pytest.raises(Conflict):
        world.do(MATE, a, "agree_goals")


def test_whoever_rated_is_not_linked_as_the_employee(world: World, mate: Any) -> None:
    a = appraisal(world, mate)
    world.do(HR, a, "assign", rater=world.id(MATE), reviewer=world.id(MANAGER))
    world.do(MATE, a, "set_goals", goals=GOALS)
    world.do(MATE, a, "agree_goals")
    world.do(HR, a, "rate_self", scores=OWN)
    r = world.rating(a)
    world.do(MATE, r, "give", scores=GIVEN, words="自己评自己")
    with pytest.raises(Conflict) as refused:
        link(world, mate, MATE)
    assert a.number in str(refused.value.detail)
    world.do(HR, a, "assign", rater=world.id(LEAD), reviewer=world.id(MANAGER))
    world.do(MANAGER, r, "send_back", reason="自评无效")
    world.do(LEAD, r, "give", scores=GIVEN, words="重评")
    link(world, mate, MATE)
    assert not world.sees(MATE, r)
    assert world.see(r).status is RatingState.GIVEN


def test_an_account_is_not_taken_off_while_the_rating_is_secret(world: World, mate: Any) -> None:
    a = rated(world, mate)
    link(world, mate, MATE)
    for other in (None, AGENT):
        with pytest.raises((Conflict, Invalid)):
            link(world, mate, other)
    world.do(MANAGER, world.rating(a), "confirm")
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="谈过")
    world.do(MATE, a, "accept")
    assert link(world, mate, None).person_id is None


def test_nobody_takes_their_own_account_off(world: World, mate: Any) -> None:
    link(world, mate, MATE)
    with pytest.raises((Conflict, Invalid)):
        link(world, mate, None, by=MATE)
    assert link(world, mate, None).person_id is None
    assert world.see(appraisal(world, mate)).person_id is None, "a wrong account is put right before anything is rated"


def test_the_rule_follows_the_employee_however_the_account_came(world: World, mate: Any) -> None:
    """As after a restore or a repair by hand: the appraisal itself was told nothing."""
    a = rated(world, mate)
    with world.acting(None) as x:
        x.session.get_one(type(mate), (x.tenant, mate.id)).person_id = world.company.people[MATE]
    assert not world.sees(MATE, world.rating(a))
    assert world.sees(MATE, a)
    with pytest.raises(Conflict):
        world.do(MATE, a, "drop", reason="不想考")
