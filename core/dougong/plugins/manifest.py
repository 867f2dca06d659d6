"""What a plugin says of itself: data, read before any of its hooks is called."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from ..words import Lazy, translator

_ = translator("dougong")


@dataclass(frozen=True)
class Manifest:
    """The module-level ``manifest`` of a plugin.

    :param name: the module's slug: its entry point, database schema, address and prefix of its kinds and permissions.
    :param version: the plugin's own version (PEP 440).
    :param label: the name that people see.
    :param summary: one sentence for the modules page.
    :param requires_core: versions of Dougong that it works with, as in ``">=0.1,<2"``.
    :param requires: modules without which it does not load, as in ``"complaints>=1.0"``.
    :param enhances: modules that it adds to if they are there; it is loaded after them.
    :param licence: SPDX expression.
    :param icon: name in the theme's sprite.
    :param group: heading in the menu under which its records stand; None: among the first.
    :param kind: ``module`` is switched on per company; ``theme`` is always on and holds no data.
    """

    name: str
    version: str
    label: Lazy
    summary: Lazy | str = ""
    requires_core: str = ">=0.1"
    requires: tuple[str, ...] = ()
    enhances: tuple[str, ...] = ()
    licence: str = ""
    icon: str = "mods"
    group: Lazy | None = None
    kind: str = "module"


@dataclass(frozen=True)
class Loaded:
    """A plugin that stands. ``package`` is the import name whose folder holds its migrations, templates and translations."""

    name: str
    manifest: Manifest
    module: ModuleType
    package: str


@dataclass(frozen=True)
class Failure:
    """A plugin that is off for everybody: what is wrong and what mends it, for ``dougong doctor`` and the modules page."""

    name: str
    problem: Lazy
    mend: Lazy
