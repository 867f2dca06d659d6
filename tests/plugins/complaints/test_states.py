"""Every state × every transition: what leads on, what is refused, and that refusal leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Conflict
from dougong_complaints.choices import State
from dougong_complaints.flow import flow

S = State
TABLE: dict[State, set[str]] = {
    S.NEW: {"accept", "on_the_spot", "merge", "unfounded", "transfer", "contact", "notify", "escalate", "acknowledge"},
    S.ACCEPTED: {"assign", "transfer", "contact", "notify", "escalate", "acknowledge"},
    S.WORKING: {
        "reassign", "hold", "resolve", "transfer", "answer", "contact", "notify", "escalate", "acknowledge",
    },
    S.HELD: {"resume", "reassign", "contact", "notify", "escalate", "acknowledge"},
    S.VISIT: {
        "visit", "waive", "answer", "close", "reassign", "contact", "notify", "escalate", "acknowledge",
    },
    S.CLOSED: {"reopen"},
    S.MERGED: set(),
    S.UNFOUNDED: set(),
}  # fmt: skip


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(State)
    assert set().union(*TABLE.values()) == set(flow.transitions)


@pytest.mark.parametrize("state", State, ids=lambda s: s.value)
def test_only_these_steps_lead_from_a_state(state: State) -> None:
    assert {name for name, step in flow.transitions.items() if state in step.sources} == TABLE[state]


@pytest.mark.parametrize("state", State, ids=lambda s: s.value)
def test_steps_that_the_state_does_not_allow_are_refused_and_change_nothing(world: Any, state: State) -> None:
    id = world.bring(state)
    before = world.see(id)
    offered = world.offered("manager", id)
    assert set(offered) == TABLE[state]
    for name in set(flow.transitions) - TABLE[state]:
        with pytest.raises(Conflict):
            world.do("manager", id, name)
    after = world.see(id)
    assert (after.status, after.row_version) == (before.status, before.row_version)
