"""Finding and importing plugins. Each goes through its checks alone, so that one that fails takes no other with it,
except those that require it."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points, version
from types import ModuleType

import structlog

from ..words import load_catalogue, translator
from .checks import check_hooks, check_manifest
from .manifest import Failure, Loaded, Manifest
from .order import ordered, unfit
from .registry import CORE, Registry

_ = translator("dougong")
log = structlog.get_logger(__name__)

GROUP = "dougong.plugins"
CORE_MODULE = "dougong.core"  # by name: the core's layers above this one declare through the same hooks


def load(plugins: Iterable[tuple[str, object]] | None = None) -> Registry:
    """Load the core and all plugins that can stand.

    :param plugins: name and module (or entry point) of each; None: what is installed, by entry-point group.
    :return: the registry; what could not be loaded is in its ``failures``.
    """
    if plugins is not None:
        return _loaded(plugins)
    with _uncollected():
        return _loaded(_installed())


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is imported here stays as long as the process. The collector would go through it again and again while it grows,
    which is a third of the time that it takes, and at every full collection ever after."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # once: a second time would keep what is only waiting to be collected
            gc.freeze()
        if collecting:
            gc.enable()


def _loaded(plugins: Iterable[tuple[str, object]]) -> Registry:
    load_catalogue("dougong")
    found: dict[str, list[Loaded]] = {}
    failures: list[Failure] = []
    for name, source in plugins:
        loaded = _imported(name, source)
        if isinstance(loaded, Failure):
            failures.append(loaded)
        else:
            found.setdefault(loaded.name, []).append(loaded)
    failures += [_ambiguous(name, those) for name, those in found.items() if len(those) > 1]
    single = {name: those[0] for name, those in found.items() if len(those) == 1}
    names, unordered = ordered({name: one.manifest for name, one in single.items()}, failures)
    failures += unordered
    for failure in failures:
        log.error("plugin is off", plugin=failure.name, problem=str(failure.problem))
    core = importlib.import_module(CORE_MODULE)
    first = Loaded(CORE, core.manifest, core, "dougong")
    return Registry([first, *(single[name] for name in names)], failures)


def _installed() -> list[tuple[str, object]]:
    points = {(point.name, point.value): point for point in entry_points(group=GROUP)}
    return [(name, point) for (name, _value), point in sorted(points.items())]


def _imported(name: str, source: object) -> Loaded | Failure:
    try:
        module = source.load() if isinstance(source, EntryPoint) else source
        manifest = check_manifest(name, module)
        if isinstance(manifest, Failure):
            return manifest
        assert isinstance(module, ModuleType)  # else it had no manifest
        package = module.__package__ or module.__name__
        load_catalogue(package)
    except (Exception, SystemExit) as error:  # code of a plugin: whatever it raises must not stop the platform
        log.exception("import failed", plugin=name)
        return Failure(
            name,
            _("“{name}” cannot be imported: {error}").format(name=name, error=f"{type(error).__name__}: {error}"),
            _("Reinstall or update the plugin “{name}”; what it imports must be installed too.").format(name=name),
        )
    return _checked(manifest, module, package)


def _checked(manifest: Manifest, module: ModuleType, package: str) -> Loaded | Failure:
    failure = unfit(manifest, version("dougong")) or check_hooks(manifest.name, module)
    return failure or Loaded(manifest.name, manifest, module, package)


def _ambiguous(name: str, those: list[Loaded]) -> Failure:
    return Failure(
        name,
        _("Two plugins are named “{name}”: {packages}.").format(
            name=name, packages=", ".join(o.package for o in those)
        ),
        _("Uninstall one of them; until then neither is loaded."),
    )
