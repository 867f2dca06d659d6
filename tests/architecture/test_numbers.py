"""A number says what it is the number of: no two kinds of record share a series' letters."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry


def test_every_kind_has_letters_of_its_own(registry: Registry) -> None:
    letters = Counter(one.record.number_prefix for one in registry.resources.values() if one.record.number_prefix)
    assert {prefix: count for prefix, count in letters.items() if count > 1} == {}
