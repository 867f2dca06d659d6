"""Broken plugins are off with words that name them and the mend; everything else starts."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest
from dougong.plugins import Registry, load
from dougong.plugins.checks import HOOKS
from dougong.words import locale

BROKEN = Path(__file__).with_name("broken")

# folder → (name of the plugin that is off, a part of the problem, a part of the mend)
EXPECTED = {
    "failing_import": ("failing_import", "cannot be imported: ModuleNotFoundError", "must be installed too"),
    "exits": ("exits", "cannot be imported: SystemExit", "Reinstall"),
    "bad_catalogue": ("bad_catalogue", "cannot be imported", "Reinstall"),
    "without_manifest": ("without_manifest", "has no manifest", "manifest = Manifest"),
    "reserved": ("reserved", "calls itself “platform”", "another name"),
    "bad_name": ("bad_name", "impossible name or kind: 'Bad-Name'", "small letters"),
    "bad_version": ("bad_version", "cannot be read", "complaints>=1.0,<2"),
    "future_core": ("future_core", "needs Dougong >=99", "update Dougong"),
    "missing": ("missing", "needs “nowhere>=1.0”, which is not installed", "Install “nowhere”"),
    "too_new": ("too_new", "needs “sound>=2.0”, but version 1.3 is installed", "Install a version of “sound”"),
    "misspelt": ("misspelt", "unknown hook dougong_permisions", "Did you mean dougong_permissions?"),
    "unmarked": ("unmarked", "dougong_permissions without the marker", "@hookimpl"),
    "wrong_argument": ("wrong_argument", "user", "hookspecs.py"),
    "raising": ("raising", "ValueError: not today", "Mend or update"),
    "foreign_permission": ("foreign_permission", "“core.everything”, which is not its own", "“foreign_permission.”"),
    "twice_permission": ("twice_permission", "declares twice: twice_permission.see", "Declare each once"),
    "unknown_permission": (
        "unknown_permission",
        "“unknown_permission.identiy”",
        "Did you mean unknown_permission.identity?",
    ),
    "strict_settings": ("strict_settings", "The settings of “strict_settings”", "every field has a default"),
    "reserved_step": ("reserved_step", "a step of “reserved_step.thing” “explain”", "another name"),
    "foreign_kind": ("foreign_kind", "“core.spy”, which is not its own", "must begin with"),
}


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(BROKEN))
    token = locale.set("en")
    yield
    locale.reset(token)


def loading(*folders: str) -> Registry:
    """Load these folders as if they were installed."""
    points = [importlib.metadata.EntryPoint(folder, folder, "dougong.plugins") for folder in folders]
    return load((point.name, point) for point in points)


@pytest.mark.parametrize("folder", EXPECTED)
def test_broken_alone_is_off(folder: str) -> None:
    name, problem, mend = EXPECTED[folder]
    registry = loading(folder, "sound")
    assert list(registry.modules) == ["sound"]
    assert [failure.name for failure in registry.failures] == [name]
    assert problem in str(registry.failures[0].problem)
    assert name in str(registry.failures[0].problem)
    assert mend in str(registry.failures[0].mend)
    assert set(registry.plugins) == {"core", "sound"}
    assert not any(permission.startswith(f"{name}.") for permission in registry.permissions)


def test_every_broken_plugin_is_tried() -> None:
    special = {"needs_missing", "ring_a", "ring_b", "twin_a", "twin_b", "sound", "upon_sound", "around_sound"}
    assert {folder.parent.name for folder in BROKEN.glob("*/__init__.py")} == special | set(EXPECTED)


def test_what_needs_a_broken_one_falls_with_it() -> None:
    registry = loading("missing", "needs_missing", "sound")
    assert list(registry.modules) == ["sound"]
    assert [failure.name for failure in registry.failures] == ["missing", "needs_missing"]
    assert "needs “missing”, which is itself off" in str(registry.failures[1].problem)
    assert "Mend “missing” first" in str(registry.failures[1].mend)


def test_circle_is_off_and_named() -> None:
    registry = loading("ring_b", "sound", "ring_a")
    assert list(registry.modules) == ["sound"]
    assert {failure.name for failure in registry.failures} == {"ring_a", "ring_b"}
    assert "ring_a → ring_b → ring_a" in str(registry.failures[0].problem)


def test_two_of_one_name_are_both_off() -> None:
    registry = loading("twin_a", "twin_b", "sound")
    assert list(registry.modules) == ["sound"]
    assert [failure.name for failure in registry.failures] == ["twin"]
    assert "twin_a, twin_b" in str(registry.failures[0].problem)


def test_all_broken_at_once() -> None:
    registry = loading(*EXPECTED, "needs_missing", "ring_a", "ring_b", "twin_a", "twin_b", "sound")
    assert list(registry.modules) == ["sound"]
    assert len(registry.failures) == len(EXPECTED) + 4


def test_required_and_enhanced_come_first() -> None:
    registry = loading("around_sound", "upon_sound", "sound")
    assert registry.failures == []
    assert list(registry.modules) == ["sound", "around_sound", "upon_sound"]
    assert registry.needs("upon_sound") == ["sound"]
    assert registry.needing("sound") == ["upon_sound"]


def test_posts_gather_from_all_modules() -> None:
    registry = loading("upon_sound", "sound")
    assert registry.roles["service_agent"].permissions == ("sound.*", "core.people.read")
    assert registry.roles["service_agent"].level == 20
    assert str(registry.roles["tuner"].label) == "Tuner"
    assert "core.settings.edit" in registry.permissions
    assert "sound.hear" in registry.permissions
    assert "core" in registry.settings


def test_hooks_are_narrowed_to_the_companys_modules() -> None:
    registry = loading("upon_sound", "sound")

    def asked(*modules: str) -> list[str]:
        said = registry.hook(frozenset(modules)).dougong_veto(record=None, transition="close", context=None)
        return [str(one) for one in said]

    assert asked("sound", "upon_sound") == ["Sound says no", "Upon says no"]  # in order of dependencies
    assert asked("sound") == ["Sound says no"]
    assert asked() == []
    assert registry.hook(frozenset({"sound"})) is registry.hook(frozenset({"sound"}))


def test_failing_later_takes_out_what_requires_it() -> None:
    from dougong.words import Lazy

    registry = loading("upon_sound", "sound")
    permissions = registry.permissions
    fallen = registry.fail("sound", Lazy("Its migration failed"), Lazy("Mend it"))
    assert [failure.name for failure in fallen] == ["sound", "upon_sound"]
    assert registry.failures == fallen
    assert registry.modules == {}
    assert "sound.hear" not in permissions  # the same dictionary, which others hold
    assert "tuner" not in registry.roles
    assert registry.hook(frozenset({"sound"})).dougong_veto(record=None, transition="x", context=None) == []


def test_installed_plugins_are_found_by_entry_point() -> None:
    found = {point.name for point in importlib.metadata.entry_points(group="dougong.plugins")}
    registry = load()
    assert {*registry.plugins, *(failure.name for failure in registry.failures)} >= {"core"}
    assert len(registry.plugins) - 1 + len(registry.failures) >= len(found)


def test_every_hook_is_documented() -> None:
    from dougong import hookspecs

    assert all(getattr(hookspecs, name).__doc__ for name in HOOKS)
