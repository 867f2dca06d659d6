"""Every demand of the domain page is shown by a test that exists; the checker finds each kind of hole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dougong.testing.coverage import Entry, Sheet, holes, page, sheets

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry

ROOT = Path(__file__).parents[2]
BEGUN: frozenset[str] = frozenset()
GOOD = "tests/architecture/test_coverage.py::test_the_page_is_current"


def test_there_is_a_sheet_for_every_module_that_is_done(registry: Registry) -> None:
    """What is being built has none yet: it leaves ``BEGUN`` with its sheet."""
    assert {sheet.module for sheet in sheets(ROOT)} == set(registry.modules) - BEGUN


@pytest.mark.parametrize("sheet", sheets(ROOT), ids=lambda sheet: sheet.module)
def test_no_holes(sheet: Sheet, registry: Registry) -> None:
    assert holes(sheet, ROOT, registry) == []


def test_the_page_is_current() -> None:
    """If not: ``python -m dougong.testing.coverage``."""
    assert (ROOT / "docs" / "coverage.md").read_text("utf-8") == page(sheets(ROOT))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry("edge", "x"), "needs either"),
        (Entry("edge", "x", tests=(GOOD,), later="issue 3"), "needs either"),
        (Entry("wish", "x", later="issue 3"), "is no kind"),
        (Entry("edge", "x", tests=("tests/architecture/test_coverage.py::test_nowhere",)), "there is no test"),
        (Entry("edge", "x", tests=("tests/nowhere.py::test_x",)), "there is no test"),
        (Entry("edge", "x", tests=("tests/architecture/test_coverage.py",)), "there is no test"),
        (Entry("state", "x", name="forgotten", tests=(GOOD,)), "is not declared"),
    ],
)
def test_each_kind_of_hole_is_found(registry: Registry, entry: Entry, said: str) -> None:
    [sheet] = (one for one in sheets(ROOT) if one.module == "complaints")
    [found] = holes(replace(sheet, entries=(*sheet.entries, entry)), ROOT, registry)
    assert said in found


@pytest.mark.parametrize("kind", ["state", "transition", "guard", "timer", "child"])
def test_what_is_declared_and_not_listed_is_found(registry: Registry, kind: str) -> None:
    [sheet] = (one for one in sheets(ROOT) if one.module == "complaints")
    first = next(one for one in sheet.entries if one.kind == kind and one.name)
    [found] = holes(replace(sheet, entries=tuple(one for one in sheet.entries if one != first)), ROOT, registry)
    assert "has no entry" in found
    assert first.name in found
