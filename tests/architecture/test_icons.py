"""Every icon that is named anywhere is drawn: a name that the theme does not know leaves a gap in the menu."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry

TOP = Path(__file__).parents[2]
DRAWN = set(
    re.findall(r'id="i-([a-z-]+)"', (TOP / "themes/plain/dougong_theme_plain/static/icons.svg").read_text("utf-8"))
)
NAMED = re.compile(r'icon="([^"{}]+)"|\b(?:MenuItem|Action)\([^\n]*?, "([a-z-]+)"[,)]')
SOURCES = sorted([*TOP.glob("plugins/*/dougong_*/**/*.py"), *TOP.glob("core/dougong/**/*.py")])


@pytest.mark.parametrize("folder", sorted({str(path.relative_to(TOP)).split("/")[1] for path in SOURCES}))
def test_icons_named_in_code_are_drawn(folder: str) -> None:
    mine = [path for path in SOURCES if str(path.relative_to(TOP)).split("/")[1] == folder]
    named = {(path.name, a or b) for path in mine for a, b in NAMED.findall(path.read_text("utf-8"))}
    assert {one for one in named if one[1] not in DRAWN} == set()


def test_icons_of_modules_and_resources_are_drawn(registry: Registry) -> None:
    named = {(name, one.manifest.icon) for name, one in registry.modules.items()}
    named |= {(one.kind, one.icon) for one in registry.resources.values()}
    for one in registry.resources.values():
        named |= {
            (f"{one.kind}.{step.name}", step.icon) for step in (one.flow.transitions.values() if one.flow else ())
        }
    assert {one for one in named if one[1] and one[1] not in DRAWN} == set()
