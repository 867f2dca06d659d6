"""Which mapping is proposed for a file: the company's own of last time, one that is shipped, else one by its headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import sqlalchemy as sa
from dougong import Context
from sqlalchemy.dialects.postgresql import insert

from . import mapping as mappings
from .mapping import Mapping, SiteSource, Source
from .records import SavedMapping
from .sources.headings import normal, signature
from .targets import Targets

Found = tuple[Mapping, str]  # and where it comes from: saved, shipped, headings

_SLASHED = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})(\D.*)?")


def propose(x: Context[Any], targets: Targets, headings: Sequence[str], samples: Sequence[Sequence[str]]) -> Found:
    """:param samples: the first rows, from which the order of day and month is seen."""
    kind = targets.resource.kind
    saved = x.session.get(SavedMapping, (x.tenant, kind, signature(headings)))
    if saved is not None:
        found = Mapping.model_validate(saved.mapping)
        if found.columns() <= set(headings):
            return found, "saved"
    for one in shipped():
        if one.resource == kind and one.columns() <= set(headings):
            return one, "shipped"
    return by_headings(targets, headings, samples), "headings"


@lru_cache(maxsize=1)
def shipped() -> tuple[Mapping, ...]:
    """The mappings that come with this module."""
    folder = resources.files(__package__).joinpath("proposals")
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(mappings.read(one.read_text("utf-8")) for one in files)


def by_headings(targets: Targets, headings: Sequence[str], samples: Sequence[Sequence[str]]) -> Mapping:
    """Each heading that names a field, in whatever language, goes there; the rest stays out."""
    made = Mapping(resource=targets.resource.kind)
    words = {word: one.name for one in reversed(list(targets.by_name.values())) for word in reversed(one.words)}
    for heading in headings:
        said = normal(heading)
        if not said:
            continue
        if said in targets.site_words and not made.site.column:
            made.site = SiteSource(column=heading)
        elif (name := words.get(said)) and name not in made.fields:
            made.fields[name] = Source(column=heading)
        else:
            made.ignore.append(heading)
    if "number" in made.fields:
        made.key = made.fields["number"].column
    made.dates = _order(samples)
    return made


def _order(samples: Sequence[Sequence[str]]) -> Literal["", "mdy", "dmy"]:
    """Which of the two comes first, where a sample shows it and none contradicts."""
    found = [m for row in samples for cell in row if (m := _SLASHED.fullmatch(cell.strip()))]
    day_first, month_first = any(int(m[1]) > 12 for m in found), any(int(m[2]) > 12 for m in found)
    return "mdy" if month_first and not day_first else "dmy" if day_first and not month_first else ""


def remember(x: Context[Any], mapping: Mapping, headings: Sequence[str]) -> None:
    """Keep a mapping for the next file with the same headings."""
    key = {"record_kind": mapping.resource, "signature": signature(headings)}
    said = {"mapping": mapping.model_dump(mode="json", exclude_defaults=True), "saved_by": x.actor}
    made = insert(SavedMapping).values(tenant_id=x.tenant, **key, **said)
    x.session.execute(made.on_conflict_do_update(index_elements=["tenant_id", *key], set_=said))


def forget(x: Context[Any], kind: str) -> None:
    """Forget what was kept for a kind of record."""
    x.session.execute(sa.delete(SavedMapping).where(SavedMapping.record_kind == kind))
