"""The reference says what the code says: committed pages are those that the code gives now, and nothing is left out."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import dougong
import pytest
from dougong import hookspecs
from dougong.plugins.checks import HOOKS
from dougong.testing import reference

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def pages(registry: Registry) -> dict[str, str]:
    return reference.pages(registry)


def test_committed_pages_are_what_the_code_says(pages: dict[str, str]) -> None:
    assert {path.name for path in FOLDER.glob("*.md")} == set(pages)
    old = [name for name, text in pages.items() if (FOLDER / name).read_text("utf-8") != text]
    assert old == [], "run `make docs` and commit what it changes"


def test_pages_come_out_the_same_twice(pages: dict[str, str], registry: Registry) -> None:
    assert reference.pages(registry) == pages


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_is_documented_with_its_exact_arguments(pages: dict[str, str], hook: str) -> None:
    written = pages["hooks.md"].split(f"def {hook}(")[1].partition("```")[0]
    found = getattr(hookspecs, hook)
    assert [part.partition(":")[0].strip() for part in written.partition(") ->")[0].split(", ") if part] == list(
        inspect.signature(found).parameters
    )
    assert inspect.getdoc(found)


@pytest.mark.parametrize("name", dougong.__all__)
def test_each_public_name_is_documented(pages: dict[str, str], name: str) -> None:
    section = pages["names.md"].partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert section.strip(), f"{name} has no docstring"
