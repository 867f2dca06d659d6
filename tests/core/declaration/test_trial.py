"""Does the declaration carry inspections and budgeting? Each test is one thing that complaints never needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid, Line, NotFound, Record, Resource, field, now
from dougong.records import actions, history
from sqlalchemy.orm import Mapped

from .budgeting import RESOURCES as BUDGETING
from .budgeting import Balance
from .conftest import World
from .inspections import RESOURCES as INSPECTIONS
from .inspections import Result, Revision

TEMPLATE, TASK, FINDING = INSPECTIONS
BUDGET, COMMITMENT = BUDGETING
ITEMS = [{"type": "yes_no", "key": "lamp", "text": "Lighting"}, {"type": "number", "key": "volt", "text": "Voltage"}]


@pytest.fixture(scope="module")
def pinned(world: World) -> dict[str, UUID]:
    """A template of the company with one revision."""
    with world.work(None, "rounds") as x:
        template = actions.create(TEMPLATE, {"name": "Daily"}, x, site=world.sites["company"])
        revision = x.add(template, Revision(revision=1))
        revision.items = ITEMS
        x.session.flush()
        return {"template_id": template.id, "revision_id": revision.id}


def test_a_company_record_is_read_below_and_written_above(world: World, pinned: dict[str, UUID]) -> None:
    with world.work("manager", "rounds") as x:
        template = x.get(TEMPLATE.record, pinned["template_id"])
        assert template.name == "Daily"
        with pytest.raises(Forbidden):
            actions.update(TEMPLATE, template.id, {"name": "Mine"}, x, version=template.row_version)


def test_items_typed_by_data_are_checked_against_the_pinned_revision(world: World, pinned: dict[str, UUID]) -> None:
    with world.work("manager", "rounds") as x:
        body = {**pinned, "nominal_at": now().isoformat()}
        task = actions.create(TASK, body, x, site=world.sites["garden"])
        actions.transition(TASK, task.id, "begin", {}, x)
        with pytest.raises(Invalid) as refused:
            actions.transition(TASK, task.id, "submit", {"answers": {"lamp": "perhaps", "volt": "x"}}, x)
        assert {e.path for e in refused.value.errors} == {"answers.lamp", "answers.volt"}
        actions.transition(TASK, task.id, "submit", {"answers": {"lamp": "no", "volt": "221.5"}}, x)
        found = x.session.scalars(sa.select(Result).where(Result.task_id == task.id).order_by(Result.key)).all()
        assert [(r.key, r.value["v"], r.passed) for r in found] == [("lamp", "no", False), ("volt", "221.5", True)]


def test_the_system_takes_a_transition_that_nobody_is_offered(world: World, pinned: dict[str, UUID]) -> None:
    with world.work("manager", "rounds") as x:
        task = actions.create(TASK, {**pinned, "nominal_at": "2026-01-01T08:00+08:00"}, x, site=world.sites["garden"])
        assert "miss" not in [o.transition.name for o in actions.choices_for(TASK, task, x, frozenset())]
        with pytest.raises(NotFound):
            actions.transition(TASK, task.id, "miss", {}, x)
    with world.work(None, "rounds") as x:
        record = x.get(TASK.record, task.id)
        actions.move(TASK, record, "miss", {}, x, frozenset())
        assert record.missed_at is not None
        assert history.verify(x.session, TASK.kind, record.id)


def test_a_grant_limited_by_a_relation_opens_only_those_rows(world: World) -> None:
    with world.work("manager", "rounds") as x:
        finding = actions.create(FINDING, {"text": "Lamp out"}, x, site=world.sites["garden"])
    with world.work("fitter", "rounds") as x, pytest.raises(NotFound):
        x.get(FINDING.record, finding.id)
    with world.work("manager", "rounds") as x:
        actions.transition(FINDING, finding.id, "dispatch", {"rectifier_id": str(world.people["fitter"])}, x)
    with world.work("fitter", "rounds") as x:
        done = actions.transition(FINDING, finding.id, "done", {}, x)
        assert done.status.value == "verify"


def test_who_rectified_does_not_verify(world: World) -> None:
    with world.work("manager", "rounds") as x:
        finding = actions.create(FINDING, {"text": "Leak"}, x, site=world.sites["garden"])
        actions.transition(FINDING, finding.id, "dispatch", {"rectifier_id": str(world.people["manager"])}, x)
        actions.transition(FINDING, finding.id, "done", {}, x)
        with pytest.raises(Conflict):
            actions.transition(FINDING, finding.id, "verify", {}, x)
    with world.work("agent", "rounds") as x:
        assert actions.transition(FINDING, finding.id, "verify", {}, x).status.value == "closed"


def test_parallel_spenders_never_pass_the_hard_stop(world: World) -> None:
    with world.work("manager", "sums") as x:
        budget = actions.create(BUDGET, {"year": 2027}, x, site=world.sites["garden"])
        x.session.add(Balance(budget_id=budget.id, account="lift", approved=10_000))

    def spend(amount: int) -> bool:
        try:
            with world.work("agent", "sums") as x:
                body = {"budget_id": str(budget.id), "account": "lift", "fen": amount}
                actions.create(COMMITMENT, body, x, site=world.sites["garden"])
            return True
        except Conflict:
            return False

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(spend, [1_500] * 12))
    assert won.count(True) == 6
    with world.work("manager", "sums") as x:
        assert x.session.scalar(sa.select(Balance.committed).where(Balance.budget_id == budget.id)) == 9_000


def test_the_approval_line_refuses_its_maker(world: World) -> None:
    with world.work("agent", "sums") as x:
        budget = actions.create(BUDGET, {"year": 2028}, x, site=world.sites["garden"])
        actions.transition(BUDGET, budget.id, "submit", {}, x)
        with pytest.raises(Conflict):
            actions.transition(BUDGET, budget.id, "approve_finance", {}, x)
    with world.work("manager", "sums") as x:
        actions.transition(BUDGET, budget.id, "approve_finance", {}, x)
        assert actions.transition(BUDGET, budget.id, "send_back", {"note": "Sums"}, x).status.value == "draft"


def test_a_second_budget_of_the_year_is_refused_in_words(world: World) -> None:
    with world.work("manager", "sums") as x:
        actions.create(BUDGET, {"year": 2030}, x, site=world.sites["garden"])
    with pytest.raises(Conflict), world.work("manager", "sums") as x:
        actions.create(BUDGET, {"year": 2030}, x, site=world.sites["garden"])


def test_a_filter_that_the_address_would_swallow_is_refused_at_once() -> None:
    class Oddity(Record, kind="oddity.thing", label=TEMPLATE.label):
        sort: Mapped[Line] = field(TEMPLATE.label, filtered=True)

    with pytest.raises(TypeError, match="sort"):
        Resource(Oddity, TEMPLATE.label)
