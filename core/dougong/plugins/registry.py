"""What all loaded plugins declare, put together once, and the one place where hooks are narrowed to a company's modules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy
import structlog

from ..words import Lazy, translator
from .checks import HOOKS, check_declared, check_themes, manager
from .manifest import Failure, Loaded
from .order import required

if TYPE_CHECKING:
    import click
    from pydantic import BaseModel

    from ..access.roles import Permission, RoleDefault
    from ..records.resource import Resource
    from ..scheduling.jobs import Job
    from ..web.routing import PageRoute
    from ..web.themes import Theme

_ = translator("dougong")
log = structlog.get_logger(__name__)
T = TypeVar("T")

CORE = "core"
_SETS = 1024  # sets of modules whose hooks are kept ready


class Hooks:
    """The hooks of some modules, as attributes: ``hooks.dougong_veto(record=…, transition=…, context=…)``."""

    def __init__(self, plugins: pluggy.PluginManager, without: list[object]) -> None:
        for name in HOOKS:
            setattr(self, name, plugins.subset_hook_caller(name, remove_plugins=without))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> pluggy.HookCaller: ...


class Registry:
    """The plugins that stand, in the order of their dependencies, and everything they declare.

    :ivar plugins: all of them, the core and themes too.
    :ivar modules: those that a company switches on.
    :ivar failures: what is off for everybody, and why.
    :ivar resources: by kind. :ivar permissions: by name, those that follow from resources included.
    :ivar roles: by post, what all modules give to it together. :ivar settings: by module.
    :ivar routes: a module's own pages. :ivar jobs: by name, those that come with a contribution (schedules) included.
    :ivar themes: by name.
    :ivar contributions: what a module says to modules that serve all. :ivar commands: of ``dougong``, by module.
    """

    def __init__(self, plugins: Iterable[Loaded] = (), failures: Iterable[Failure] = ()) -> None:
        self.plugins: dict[str, Loaded] = {loaded.name: loaded for loaded in plugins}
        self.failures: list[Failure] = list(failures)
        self.modules: dict[str, Loaded] = {}
        self.resources: dict[str, Resource[Any]] = {}
        self.permissions: dict[str, Permission] = {}
        self.roles: dict[str, RoleDefault] = {}
        self.settings: dict[str, type[BaseModel]] = {}
        self.jobs: dict[str, Job] = {}
        self.themes: dict[str, Theme] = {}
        self.routes: dict[str, list[PageRoute]] = {}
        self.contributions: dict[str, tuple[Any, ...]] = {}
        self._sorted: dict[tuple[type[Any], str], tuple[tuple[Any, ...], list[tuple[str, Any]]]] = {}
        self.commands: dict[str, tuple[click.Command, ...]] = {}
        self._declared: dict[str, dict[str, Any]] = {}
        for loaded in list(self.plugins.values()):
            if loaded.name in self.plugins and (failure := self._collect(loaded)):
                if loaded.name == CORE:
                    raise RuntimeError(str(failure.problem))
                self.fail(loaded.name, failure.problem, failure.mend)
        while lost := check_themes({name: self._declared[name]["theme"] for name in self.plugins}):
            self.fail(lost.name, lost.problem, lost.mend)
        self._compile()

    def fail(self, name: str, problem: Lazy, mend: Lazy) -> list[Failure]:
        """Take out a plugin and all that require it; what each of them is told is returned and kept in ``failures``."""
        fallen = [Failure(name, problem, mend)]
        for other in self.needing(name):
            said = _("“{name}” needs “{other}”, which is itself off.").format(name=other, other=name)
            mended = _("Mend “{other}” first; “{name}” then loads by itself.").format(name=other, other=name)
            fallen.append(Failure(other, said, mended))
        for failure in fallen:
            log.error("plugin is off", plugin=failure.name, problem=str(failure.problem))
            self.plugins.pop(failure.name, None)
        self.failures += fallen
        self._compile()
        return fallen

    def contributed(self, kind: type[T], modules: frozenset[str]) -> list[tuple[str, T]]:
        """What the core and these modules contribute of a class, with the module's name, in the order of dependencies."""
        found: list[tuple[str, T]] = []
        for name, several in self.contributions.items():
            if name == CORE or name in modules:
                had = self._sorted.get((kind, name))
                if had is None or had[0] is not several:  # asked for several times a request: sorted once
                    had = several, [(name, one) for one in several if isinstance(one, kind)]
                    self._sorted[kind, name] = had
                found += had[1]
        return found

    def needing(self, name: str) -> list[str]:
        """The plugins that cannot stand without this one, directly or through others, in order."""
        found = {name}
        for loaded in self.plugins.values():  # in order of dependencies, so one pass is enough
            if required(loaded.manifest) & found:
                found.add(loaded.name)
        return [one for one in self.plugins if one in found and one != name]

    def needs(self, name: str) -> list[str]:
        """The modules that must be on where this one is on, directly or through others, in order."""
        found = {name}
        for loaded in reversed(self.plugins.values()):
            if loaded.name in found:
                found |= required(loaded.manifest)
        return [one for one in self.plugins if one in found and one != name]

    def hook(self, modules: frozenset[str]) -> Hooks:
        """The hooks of these modules, and of the core and the themes, which are always on."""
        found = self._hooks.get(modules)
        if found is None:
            if len(self._hooks) >= _SETS:
                self._hooks.clear()
            off = [one.module for one in self.modules.values() if one.name not in modules]
            found = self._hooks[modules] = Hooks(self._manager, list[object](off))
        return found

    def _collect(self, loaded: Loaded) -> Failure | None:
        alone = manager()
        alone.register(loaded.module, name=loaded.name)
        try:
            declared = {name: _several(getattr(alone.hook, f"dougong_{name}")()) for name in _LISTS}
            declared["jobs"] += [job for one in declared["contributions"] for job in getattr(one, "jobs", ())]
            declared |= {name: _one(getattr(alone.hook, f"dougong_{name}")()) for name in _SINGLE}
            derived = {p.name: p for r in declared["resources"] for p in r.permissions()}
            said = {getattr(one, "name", None) for one in declared["contributions"]}
            events = [e for r in declared["resources"] for e in r.events() if e.name not in said]
            declared["contributions"] = [*declared["contributions"], *events]
        except Exception as error:  # code of a plugin: whatever it raises must not stop the platform
            log.exception("declaration failed", plugin=loaded.name)
            return Failure(
                loaded.name,
                _("“{name}” fails when it says what it declares: {error}").format(
                    name=loaded.name, error=f"{type(error).__name__}: {error}"
                ),
                _("Mend or update the plugin “{name}”.").format(name=loaded.name),
            )
        chosen = {p.name for p in declared["permissions"]} & _chosen(declared["resources"])
        derived = {name: one for name, one in derived.items() if name not in chosen}
        self._declared[loaded.name] = {**declared, "derived": derived}
        return check_declared(loaded.name, declared, derived)

    def _compile(self) -> None:
        self.modules = {n: one for n, one in self.plugins.items() if n != CORE and one.manifest.kind == "module"}
        self._hooks: dict[frozenset[str], Hooks] = {}
        self._manager = manager()
        for loaded in reversed(self.plugins.values()):  # the last registered is called first
            self._manager.register(loaded.module, name=loaded.name)
        for kept in (
            self.resources, self.permissions, self.roles, self.settings, self.jobs, self.themes, self.routes,
            self.contributions, self.commands,
        ):  # fmt: skip
            kept.clear()  # in place: others hold them
        for name in self.plugins:
            if declared := self._declared.get(name):
                self._add(name, declared)

    def _add(self, name: str, declared: dict[str, Any]) -> None:
        self.resources.update({resource.kind: resource for resource in declared["resources"]})
        self.permissions.update(declared["derived"])
        self.permissions.update({permission.name: permission for permission in declared["permissions"]})
        self.jobs.update({job.name: job for job in declared["jobs"]})
        self.routes[name] = declared["routes"]
        self.contributions[name] = tuple(declared["contributions"])
        self.commands[name] = tuple(declared["commands"])
        if declared["settings"] is not None:
            self.settings[name] = declared["settings"]
        if declared["theme"] is not None:
            self.themes[declared["theme"].name] = declared["theme"]
        for role in declared["roles"]:
            had = self.roles.get(role.slug)
            self.roles[role.slug] = role if had is None else _joined(had, role)


_LISTS = ("resources", "permissions", "roles", "routes", "jobs", "contributions", "commands")
_SINGLE = ("settings", "theme")


def _several(results: list[Iterable[Any]]) -> list[Any]:
    return [item for result in results for item in result]


def _one(results: list[Any]) -> Any:
    return results[0] if results else None


def _chosen(resources: Iterable[Any]) -> set[str]:
    """Permissions that transitions borrow by name instead of having one of their own; these are declared by hand."""
    return {
        step.permission
        for resource in resources
        for step in (resource.flow.transitions.values() if resource.flow else ())
        if step.permission != f"{resource.record.kind}.{step.name}"
    }


def _joined(had: RoleDefault, more: RoleDefault) -> RoleDefault:
    whole = had.whole or more.whole
    return dataclasses.replace(
        had,
        permissions=tuple(dict.fromkeys((*had.permissions, *more.permissions))),
        label=had.label or more.label,
        level=had.level or more.level,
        relation=None if whole else had.relation or more.relation,
        whole=whole,
    )
