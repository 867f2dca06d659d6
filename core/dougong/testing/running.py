"""Runs what is due, in the test's own thread, at the moment that its clock shows: the tick, then every job that has a place,
until nothing is due. Owns how a test's objects become an installation; the steps are ``scheduling.stepping``'s.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ..config import Config
from ..scheduling.jobs import Jobs
from ..scheduling.stepping import Ran, Stepper
from ..tenancy.files import Store
from .server import VARIABLE

if TYPE_CHECKING:
    from ..plugins.registry import Registry
    from ..tenancy.cells import Cell


def run_due(of: Any, *, failing: bool = False, queues: tuple[str, ...] | None = None) -> list[Ran]:
    """Tick and run every job that is due at the present moment (of the ``clock`` fixture, say), of all companies, until
    nothing is; jobs for later and pauses before another try are kept by that clock too.

    :param of: whatever has a ``cell`` and a ``registry``: a ``Company``, the ``Parts`` of an installation, an application, or
        an object with a ``company``. A ``store`` (or ``files``) and ``jobs`` are used where there are some.
    :param failing: keep going where a job fails, and list its error; else the first error is raised.
    :param queues: these only; None: all.
    :returns: what ran, in order.
    :raises RuntimeError: it does not come to rest.
    """
    return list(stepper(of, queues).run(failing=failing))


def stepper(of: Any, queues: tuple[str, ...] | None = None) -> Stepper:
    """What ``run_due`` works with. :param of, queues: as there."""
    from ..access.store import Snapshots
    from ..app import Parts, opener

    home = of if hasattr(of, "cell") else of.company
    cell: Cell = home.cell
    registry: Registry = home.registry
    jobs = getattr(home, "jobs", None) or Jobs(registry.jobs)
    store: Store = getattr(home, "store", None) or getattr(home, "files", None) or _store()
    # The companies as they stand now, whatever another process of the test changed meanwhile.
    parts = Parts(Config(), None, registry, cell, Snapshots(cell, registry), jobs, store)  # type: ignore[arg-type]
    return Stepper(cell, jobs, opener(parts), queues=queues)


def _store() -> Store:
    """Files of a test that has no store of its own: in the folder of the test run, which goes with it."""
    return Store(os.path.join(os.environ[VARIABLE], "files"))


__all__ = ["Ran", "run_due", "stepper"]
