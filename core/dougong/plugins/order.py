"""Which plugins can stand together, and in which order: required ones first, enhanced ones before what enhances them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from ..words import translator
from .manifest import Failure, Manifest

_ = translator("dougong")


def unfit(manifest: Manifest, core: str) -> Failure | None:
    """What a manifest says that cannot be: unreadable versions and requirements, or another version of the core."""
    name = manifest.name
    try:
        Version(manifest.version)
        wanted = SpecifierSet(manifest.requires_core)
        _requirements(manifest)
    except (InvalidVersion, InvalidSpecifier, InvalidRequirement) as error:
        return Failure(
            name,
            _("The manifest of “{name}” holds a version or requirement that cannot be read: {error}").format(
                name=name, error=error
            ),
            _("Correct it in the manifest; requirements are written as in “complaints>=1.0,<2”."),
        )
    if not wanted.contains(core, prereleases=True):
        return Failure(
            name,
            _("“{name}” {version} needs Dougong {wanted}; this is Dougong {core}.").format(
                name=name, version=manifest.version, wanted=manifest.requires_core, core=core
            ),
            _("Install a version of “{name}” for Dougong {core}, or update Dougong.").format(name=name, core=core),
        )
    return None


def ordered(manifests: Mapping[str, Manifest], already: Iterable[Failure] = ()) -> tuple[list[str], list[Failure]]:
    """The names in an order in which each stands after what it requires and enhances, and those that cannot stand.

    Requirements bind; an enhancement only orders, and where two enhance each other the order is by name.
    """
    off = {failure.name for failure in already}
    standing, failures = dict(manifests), list[Failure]()
    while unmet := next(filter(None, (_unmet(m, standing, off) for m in standing.values())), None):
        failures.append(unmet)
        off.add(unmet.name)
        del standing[unmet.name]
    placed: list[str] = []
    while rest := sorted(standing.keys() - set(placed)):
        ready = [name for name in rest if required(standing[name]) <= set(placed)]
        if not ready:
            ring = _ring(rest[0], standing, set(placed))
            failures += [_cyclic(name, ring) for name in ring]
            acyclic = {name: one for name, one in manifests.items() if name in standing and name not in ring}
            names, further = ordered(acyclic, [*already, *failures])
            return names, failures + further
        calm = [n for n in ready if not set(standing[n].enhances) & set(rest) - {n}]
        placed.append((calm or ready)[0])
    return placed, failures


def required(manifest: Manifest) -> set[str]:
    """Names of the modules that this one requires."""
    return set(_requirements(manifest))


def _requirements(manifest: Manifest) -> dict[str, Requirement]:
    return {parsed.name: parsed for parsed in map(Requirement, manifest.requires)}


def _unmet(manifest: Manifest, standing: Mapping[str, Manifest], off: set[str]) -> Failure | None:
    name = manifest.name
    for other, wanted in _requirements(manifest).items():
        found = standing.get(other)
        if found is not None and wanted.specifier.contains(found.version, prereleases=True):
            continue
        if found is not None:
            problem = _("“{name}” needs “{wanted}”, but version {found} is installed.").format(
                name=name, wanted=wanted, found=found.version
            )
            mend = _("Install a version of “{other}” that fits, or another version of “{name}”.")
        elif other in off:
            problem = _("“{name}” needs “{other}”, which is itself off.").format(name=name, other=other)
            mend = _("Mend “{other}” first; “{name}” then loads by itself.")
        else:
            problem = _("“{name}” needs “{wanted}”, which is not installed.").format(name=name, wanted=wanted)
            mend = _("Install “{other}”, or uninstall “{name}”.")
        return Failure(name, problem, mend.format(name=name, other=other))
    return None


def _ring(start: str, standing: Mapping[str, Manifest], placed: set[str]) -> list[str]:
    path = [start]
    while True:
        following = min(required(standing[path[-1]]) - placed)
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _cyclic(name: str, ring: list[str]) -> Failure:
    way = " → ".join([*ring, ring[0]])
    return Failure(
        name,
        _("“{name}” requires itself in a circle: {way}.").format(name=name, way=way),
        _("One of these must only enhance the other instead of requiring it."),
    )
