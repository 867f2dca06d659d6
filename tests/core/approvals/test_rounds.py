"""Rounds of an approval: submitting, signing level by level, returning, withdrawing."""

from __future__ import annotations

import pytest
from dougong.errors import Conflict

from .conftest import Office
from .papers import State


def released(office: Office) -> object:
    id = office.create()
    office.do(id, "release_submit", "service_agent_n1")
    return id


def test_a_paper_goes_through_its_levels(office: Office) -> None:
    id = office.create()
    office.do(id, "release_submit", "service_agent_n1")
    assert office.get(id).status is State.COSIGN
    assert office.waited(id) == {"engineering_lead_n1", "security_lead_n1"}
    office.do(id, "release_agree", "engineering_lead_n1", words="fine")
    assert office.get(id).status is State.COSIGN
    assert office.waited(id) == {"security_lead_n1"}
    with pytest.raises(Conflict):
        office.do(id, "release_agree", "engineering_lead_n1")
    office.do(id, "release_agree", "security_lead_n1")
    assert office.get(id).status is State.CHECK
    office.do(id, "release_agree", "quality")
    assert office.get(id).status is State.APPROVE
    office.do(id, "release_agree", "project_manager_n1")
    assert office.get(id).status is State.VALID
    last = office.last(id)
    assert (last.state, last.round, len(last.signers)) == ("granted", 1, 4)
