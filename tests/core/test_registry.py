"""What follows from declarations: permissions of records and transitions, posts, needs, and the doubtful cases."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from dougong.access.roles import Permission, RoleDefault
from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest, Registry, load
from dougong.scheduling.jobs import Job
from dougong.words import Lazy, locale

from .declaration import inspections


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    token = locale.set("en")
    yield
    locale.reset(token)


def module(name: str, *, manifest: dict[str, Any] | None = None, **hooks: Any) -> tuple[str, ModuleType]:
    """A plugin made on the spot; ``hooks`` are what its hooks return."""
    made = ModuleType(name)
    made.__package__ = "dougong"  # anything importable; it has no catalogue of its own
    made.manifest = Manifest(name=name, version="1.0", label=Lazy(name), **(manifest or {}))  # type: ignore[attr-defined]
    for hook, returned in hooks.items():

        def implementation(returned: Any = returned) -> Any:
            return returned

        setattr(made, f"dougong_{hook}", hookimpl(implementation))
    return name, made


def refused(registry: Registry) -> str:
    (failure,) = registry.failures
    return str(failure.problem)


def test_permissions_follow_from_records_and_transitions() -> None:
    registry = load([("rounds", inspections)])
    assert registry.failures == []
    every = [name for name in registry.permissions if name.startswith("rounds.")]
    around = {"comment", "attach", "moderate"}  # of every kind
    assert {name for name in every if name.rpartition(".")[2] in around} == {
        f"{kind}.{right}" for kind in registry.resources for right in around
    }
    assert [name for name in every if name.rpartition(".")[2] not in around] == [
        "rounds.template.read",
        "rounds.template.create",
        "rounds.template.edit",
        "rounds.task.read",
        "rounds.task.create",
        "rounds.task.edit",
        "rounds.task.begin",
        "rounds.task.submit",  # not `missed`, which the system takes
        "rounds.finding.read",
        "rounds.finding.create",
        "rounds.finding.edit",
        "rounds.finding.dispatch",
        "rounds.finding.done",
        "rounds.finding.verify",
    ]
    assert str(registry.permissions["rounds.task.begin"].label) == "Task: Begin"
    assert registry.permissions["rounds.task.begin"].module == "rounds"
    assert list(registry.resources) == ["rounds.template", "rounds.task", "rounds.finding"]
    assert registry.settings["rounds"] is inspections.Settings


def _resource(kind: str, **borrowed: str) -> SimpleNamespace:
    """Stands in for a resource: ``borrowed`` are transitions with a permission of another name."""
    steps = {name: SimpleNamespace(name=name, permission=permission) for name, permission in borrowed.items()}
    names = [f"{kind}.read", *borrowed.values()]
    return SimpleNamespace(
        kind=kind,
        record=SimpleNamespace(kind=kind),
        flow=SimpleNamespace(transitions=steps),
        permissions=lambda: tuple(Permission(n, Lazy(f"derived {n}"), kind.partition(".")[0]) for n in names),
        events=tuple,
    )


def test_declared_label_wins_where_a_transition_borrows_a_permission() -> None:
    declared = [Permission("shop.approve", Lazy("Approve"), "shop")]
    registry = load([module("shop", resources=[_resource("shop.order", accept="shop.approve")], permissions=declared)])
    assert registry.failures == []
    assert str(registry.permissions["shop.approve"].label) == "Approve"
    assert "shop.order.read" in registry.permissions


def test_declared_again_what_follows_by_itself() -> None:
    declared = [Permission("shop.order.read", Lazy("Read"), "shop")]
    registry = load([module("shop", resources=[_resource("shop.order")], permissions=declared)])
    assert "declares twice: shop.order.read" in refused(registry)
    assert registry.resources == {}


def test_same_record_shown_twice() -> None:
    registry = load([module("shop", resources=[_resource("shop.order"), _resource("shop.order")])])
    assert "declares twice: shop.order" in refused(registry)


def test_jobs_belong_to_their_module() -> None:
    def run(*_given: Any) -> None: ...

    registry = load([module("shop", jobs=[Job("shop.restock", run)])])
    assert [name for name in registry.jobs if not name.startswith("core.")] == ["shop.restock"]
    assert "“other.restock”, which is not its own" in refused(load([module("shop", jobs=[Job("other.restock", run)])]))


def test_role_may_hold_permissions_of_modules_that_are_not_installed() -> None:
    registry = load([module("shop", roles=[RoleDefault("service_agent", ("elsewhere.see",))])])
    assert registry.failures == []


def test_wildcard_over_nothing_of_its_own_is_a_mistake() -> None:
    registry = load([module("shop", roles=[RoleDefault("service_agent", ("shop.orders.*",))])])
    assert "“shop.orders.*”, which it does not declare" in refused(registry)


def test_needs_go_through_others_in_order() -> None:
    registry = load(
        [
            module("a_top", manifest={"requires": ("b_middle>=1",)}),
            module("b_middle", manifest={"requires": ("c_base",)}),
            module("c_base"),
        ]
    )
    assert list(registry.modules) == ["c_base", "b_middle", "a_top"]
    assert registry.needs("a_top") == ["c_base", "b_middle"]
    assert registry.needing("c_base") == ["b_middle", "a_top"]


def test_two_that_enhance_each_other_both_stand() -> None:
    registry = load([module("a", manifest={"enhances": ("b",)}), module("b", manifest={"enhances": ("a",)})])
    assert list(registry.modules) == ["a", "b"]


def test_what_needs_a_circle_falls_with_it() -> None:
    registry = load(
        [
            module("a", manifest={"requires": ("b",)}),
            module("b", manifest={"requires": ("a",)}),
            module("c", manifest={"requires": ("a",)}),
            module("d"),
        ]
    )
    assert list(registry.modules) == ["d"]
    assert [failure.name for failure in registry.failures] == ["a", "b", "c"]


def test_failing_declaration_takes_its_dependants() -> None:
    registry = load([module("a", manifest={"requires": ("b",)}), module("b", settings=int)])
    assert registry.modules == {}
    assert [failure.name for failure in registry.failures] == ["b", "a"]


def test_theme_is_no_module() -> None:
    theme = SimpleNamespace(name="bright", parent=None)
    registry = load([module("theme-bright", manifest={"kind": "theme"}, theme=theme)])
    assert registry.themes == {"bright": theme}
    assert registry.modules == {}
    assert "theme-bright" in registry.plugins


def _theme(name: str, parent: str | None = None) -> tuple[str, ModuleType]:
    theme = SimpleNamespace(name=name, parent=parent)
    return module(f"theme-{name}", manifest={"kind": "theme"}, theme=theme)


def test_theme_without_what_it_builds_on_is_off() -> None:
    registry = load([_theme("plain"), _theme("bright", "plain"), _theme("lost", "gone"), _theme("more", "lost")])
    assert list(registry.themes) == ["bright", "plain"]
    assert {failure.name for failure in registry.failures} == {"theme-lost", "theme-more"}
    assert "builds on “gone”" in str(registry.failures[0].problem)


def test_themes_that_build_on_each_other_are_off() -> None:
    registry = load([_theme("a", "b"), _theme("b", "a"), _theme("c", "c"), _theme("plain")])
    assert list(registry.themes) == ["plain"]
    assert len(registry.failures) == 3


def test_two_themes_of_one_name() -> None:
    twin = module("theme-twin", manifest={"kind": "theme"}, theme=SimpleNamespace(name="plain", parent=None))
    registry = load([_theme("plain"), twin])
    assert [failure.name for failure in registry.failures] == ["theme-twin"]


def test_core_itself_must_stand() -> None:
    from dougong import core
    from dougong.plugins.manifest import Loaded

    broken = module("core", permissions=[Permission("shop.see", Lazy("See"), "shop")])[1]
    with pytest.raises(RuntimeError, match="not its own"):
        Registry([Loaded("core", core.manifest, broken, "dougong")])
