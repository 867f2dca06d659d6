"""Parameters of the inbox that are made to break it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("limit", ["000000001" + "9" * 20, "000000001" + "9" * 5000, "0000000001", "１０"])
def test_a_limit_is_what_it_says(world: Any, platform: Any, limit: str) -> None:
    answer = platform.program(world.company, "agent").get(f"/api/v1/notify/inbox?limit={limit}")
    assert answer.status_code == 400, answer.text
