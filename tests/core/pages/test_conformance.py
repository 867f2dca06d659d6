"""The suite on a second plugin, unlike complaints: three kinds at a site, for the company, and at several sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong.plugins.loader import load
from dougong.testing.conformance import Conformance
from dougong.testing.tables import create_tables

from . import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from dougong.plugins.registry import Registry
    from dougong.testing.companies import Company
    from dougong.testing.server import Database


@pytest.fixture(scope="session")
def registry() -> Registry:
    kept = [(name, one.module) for name, one in load().plugins.items() if name != "core"]
    made = load([*kept, ("sample", sample)])
    assert not made.failures
    return made


@pytest.fixture
def company(database: Database, make_company: Callable[..., Company]) -> Company:
    create_tables(database.owner, "sample")
    return make_company("anhe")


class TestConformance(Conformance):
    module = "sample"
    bodies = {
        "sample.thing": {"title": "Lift stands", "category": "leak", "phone": "13800005678", "urgent": False},
        "sample.notice": {"title": "Water is off", "colour": "red"},
        "sample.contract": {"title": "Cleaning"},
    }
    no_round_trip = ("sample.notice", "sample.contract")

    # One file without a catalogue and migrations of its own: other tests try those of real plugins.
    test_declaration_and_migrations_agree = None  # type: ignore[assignment]
    test_translations_are_complete = None  # type: ignore[assignment]
    test_only_public_names_are_imported_and_no_sql_is_written_as_text = None  # type: ignore[assignment]
