"""Which cells of a row are filled is up to whoever made the file: what is kept for it has an end."""

from __future__ import annotations

import itertools

from dougong.records.bulk_write import owned
from dougong_complaints.imports import importable
from dougong_complaints.records import Complaint


def test_models_of_what_rows_bring_are_few_and_know_no_order() -> None:
    one = owned(Complaint, frozenset(("number", "status")))
    assert one is owned(Complaint, frozenset(("status", "number")))
    for many in itertools.combinations(importable.fields, 4):
        owned(Complaint, frozenset(many))
    assert owned.cache_info().currsize <= 256
