"""What a clock may be declared as: each mistake is said in words when the module is loaded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Form, Resource, Step, Term, Workflow, act, escalate, overdue, remind, translator

from .errands import Errand, News, Settings, State

_ = translator(__name__)


def fresh() -> Workflow[Errand, State, Settings]:
    return Workflow(Errand, Errand.status, Settings)


def clock(**more: Any) -> Any:
    given: dict[str, Any] = {"due": Errand.due, "term": lambda e, x: Term(hours=1), **more}
    return fresh().clock(given.pop("name", "one"), _("One"), **given)


class Stranger(Form):
    pass


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "Not A Name"}, "small letters"),
        ({"due": Errand.title}, "no moment field"),
        ({"due": Errand.created_at, "met": Errand.created_at}, ""),
        ({"late": Errand.title}, "no yes/no field"),
        ({"due": Errand.fixed}, "people may fill in"),
        ({"met": Errand.title}, "no moment field"),
        ({"pauses": State.HELD}, "runs in none"),
        ({"runs": State.NEW, "pauses": State.NEW}, "must differ"),
        ({"runs": State.NEW, "most_pauses": lambda s: 1}, "pauses in no state"),
        ({"met_by": Errand}, "no child"),
        ({"steps": (overdue(), overdue())}, "two steps of one name"),
    ],
)
def test_a_clock_that_cannot_be_is_refused_in_words(given: dict[str, Any], words: str) -> None:
    if not words:
        clock(**{k: v for k, v in given.items() if k == "met"})
        return
    with pytest.raises(TypeError, match=words):
        clock(**given)


def test_names_and_fields_are_used_once() -> None:
    flow = fresh()
    flow.clock("one", _("One"), due=Errand.due, term=lambda e, x: None, again=News)
    with pytest.raises(TypeError, match="declared twice"):
        flow.clock("one", _("One"), due=Errand.news_by, term=lambda e, x: None)
    with pytest.raises(TypeError, match="another clock uses"):
        flow.clock("two", _("Two"), due=Errand.due, term=lambda e, x: None)


def test_a_step_that_is_no_transition_is_found_by_the_resource() -> None:
    flow = fresh()
    flow.clock("one", _("One"), due=Errand.due, term=lambda e, x: None, step="nothing")
    with pytest.raises(TypeError, match="not a transition"):
        Resource(Errand, _("Errands"), flow=flow)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: remind(), "one of the two"),
        (lambda: remind(0.5, before=dt.timedelta(days=1)), "one of the two"),
        (lambda: escalate(level=0), "count from 1"),
        (lambda: overdue(every=dt.timedelta(seconds=1)), "once a minute"),
        (lambda: Step("x", remind(0.5).at, "act"), "needs run="),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_words(make: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        make()


def test_steps_are_known_by_when_they_are_taken() -> None:
    names = [remind(0.8).name, remind(before=dt.timedelta(days=30)).name, overdue().name, escalate(0.5, level=2).name]
    assert names == ["remind_0.8", "remind_43200m", "overdue", "escalate_2_0.5"]
    assert act(lambda e, x: None, -0.5, name="half").name == "half"


def test_pages_show_the_clocks_as_deadlines_unless_others_are_declared() -> None:
    flow = fresh()
    flow.clock("one", _("One"), due=Errand.due, met=Errand.done_at, runs=State.NEW, term=lambda e, x: None)
    found = Resource(Errand, _("Errands"), flow=flow).deadlines
    assert [(d.name, d.due, d.done, d.states) for d in found] == [
        ("one", "due", "done_at", frozenset({State.NEW})),
    ]


def test_three_events_follow_from_clocks() -> None:
    flow = fresh()
    resource = Resource(Errand, _("Errands"), flow=flow)
    assert resource.events() == ()
    flow.clock("one", _("One"), due=Errand.due, term=lambda e, x: None)
    assert [e.name for e in resource.events()] == [f"errands.errand.{n}" for n in ("due_soon", "overdue", "escalated")]
