"""The company itself, changed from a module's code: sites that an import brings, entries of a vocabulary.

The services are the administration's own (``access``), with the rights of the context's person and their history.
What is changed here holds from the next unit of work on: this one goes on with the company as it found it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..access.configure import change_settings
from ..access.desk import Desk
from ..access.places import create_site
from . import history
from .context import Context


def found_site(x: Context[Any], parent: UUID, slug: str, name: str) -> UUID:
    """Make a project site below another.

    :raises NotFound: the parent, or its sites are not this person's to change. :raises Invalid: the short name is taken.
    """
    return create_site(_desk(x), parent_id=parent, slug=slug, name=name).id


def extend_vocabulary(x: Context[Any], module: str, name: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add entries to a vocabulary of a module's settings; those that are there stay as they are.

    :param name: the attribute of the settings, a mapping of value → entry or a list of texts.
    :raises Forbidden: the settings are not this person's to change. :raises Invalid: an entry does not fit.
    """
    values = x.snapshot.settings(module).model_dump(mode="json")
    had = values[name]
    new = {key: entry for key, entry in entries.items() if key not in had}
    values[name] = {**had, **new} if isinstance(had, dict) else [*had, *new]
    change_settings(_desk(x), module, values)


def _desk(x: Context[Any]) -> Desk:
    return Desk(x.session, x.gate, x.registry, history.write)


__all__ = ["extend_vocabulary", "found_site"]
