"""A company of one module with a few people, as the worlds of several modules' tests have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from dougong.testing.companies import Company, found_company

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.tenancy.cells import Cell
    from dougong.testing.server import Database

ROOT = "company"


def founded(
    cell: Cell,
    database: Database,
    registry: Registry,
    module: str,
    sites: Mapping[str, tuple[str | None, str]],
    people: Mapping[str, tuple[str, str, str | None]],
) -> Company:
    """Make it. Its own site is called ``company``.

    :param module: the one that is on. :param sites: slug → (parent, type), parents first.
    :param people: user name → (post, site, relation to which the grant is limited).
    """
    slug = f"w{uuid4().hex[:10]}"

    def place(site: str | None) -> str:
        return slug if site in (None, ROOT) else str(site)

    below = {name: (None if up == ROOT else up, kind) for name, (up, kind) in sites.items() if name != ROOT}
    posts = {name: [(post, place(site), limit)] for name, (post, site, limit) in people.items()}
    made = found_company(database.owner, cell, registry, slug, modules=(module,), sites=below, people=posts)
    made.sites[ROOT] = made.sites[slug]
    return made
