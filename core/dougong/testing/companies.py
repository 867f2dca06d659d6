"""Companies for tests: made in one call, with sites, every post held by somebody, and handles to act as each of them.

Owns nothing that the platform does not have: it writes the same rows as ``dougong tenant create`` and
``dougong user create`` and acts through the same services.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from ..access.companies import NewSite, create_company
from ..access.gate import Gate
from ..access.snapshot import Snapshot
from ..access.store import Snapshots
from ..access.tables import Grant, Person, Role
from ..access.tokens import token_create
from ..instant import now
from ..plugins.registry import CORE, Registry
from ..records.context import Context
from ..tenancy.cells import Bound, Cell
from ..tenancy.stored import new_id
from ..tenancy.tables import Module, Setting, Site

if TYPE_CHECKING:
    from ..scheduling.jobs import Jobs

# slug → (parent, type); the company itself has the company's slug and is the parent where there is none.
SITES: Mapping[str, tuple[str | None, str]] = {
    "north": (None, "region"),
    "n1": ("north", "project"),
    "n2": ("north", "project"),
    "south": (None, "region"),
    "s1": ("south", "project"),
}
Post = tuple[str, str] | tuple[str, str, str | None]
COMPANY_WIDE = ("general_manager", "property_director", "admin", "quality", "hr", "finance")
REGIONAL = ("regional_director",)


class Company:
    """One company of a test. Everything it does is committed; what you change holds from the next unit of work.

    :ivar tenant: its id. :ivar slug: its name in addresses. :ivar host: the host name that finds it.
    :ivar sites: slug → id; the company's own site has the company's slug.
    :ivar people: user name → id.
    """

    def __init__(self, cell: Cell, registry: Registry, tenant: UUID, slug: str, jobs: Jobs | None = None) -> None:
        self.cell, self.registry, self.tenant, self.slug, self.jobs = cell, registry, tenant, slug, jobs
        self.host = f"{slug}.localhost"
        self.sites: dict[str, UUID] = {}
        self.people: dict[str, UUID] = {}
        self._snapshots = Snapshots(cell, registry)

    # ---- acting ----

    @contextmanager
    def session(self) -> Iterator[orm.Session]:
        """One transaction as this company, as the application's role; committed at the end."""
        with self.cell.session(Bound(self.tenant)) as session:
            yield session

    @property
    def snapshot(self) -> Snapshot:
        """The company as it stands in the database now."""
        self._snapshots.drop(self.tenant)
        return self._snapshots.get(self.tenant)

    def gate(self, username: str | None, at: dt.datetime | None = None) -> Gate:
        """What this person may do at a moment (default: now); None: the system."""
        return self.snapshot.gate(self.people[username] if username else None, at or now())

    @contextmanager
    def acting(self, username: str | None, module: str = CORE) -> Iterator[Context[Any]]:
        """One unit of work as this person (None: the system), with the settings of ``module``; committed at the end."""
        gate = self.gate(username)
        with self.session() as session:
            own = module if module in self.registry.settings else CORE
            yield Context(session, gate, gate.snapshot.settings(own), now(), self.registry, self.jobs)

    def token(self, username: str, scope: Iterable[str] = ("*",), *, days: float = 30) -> str:
        """A bearer token of this person."""
        moment = now()
        with self.session() as session:
            return token_create(
                session,
                self.people[username],
                name="test",
                scope=tuple(scope),
                ends=moment + dt.timedelta(days=days),
                now=moment,
                permissions=self.registry.permissions,
            )

    # ---- building ----

    def add_site(self, slug: str, parent: str | None = None, type: str = "project", **more: Any) -> UUID:
        """A site below ``parent`` (default: the company)."""
        with self.session() as session:
            site = Site(
                id=new_id(),
                slug=slug,
                name=more.pop("name", slug),
                type=type,
                parent_id=self.sites[parent or self.slug] if self.sites else None,
                position=len(self.sites),
                **more,
            )
            session.add(site)
        self.sites[slug] = site.id
        return site.id

    def add_person(self, username: str, *roles_at: tuple[str, str], **more: Any) -> UUID:
        """A person, with grants given as (role, site) pairs: ``add_person("wang", ("service_agent", "n1"))``."""
        with self.session() as session:
            return self.put_person(session, username, roles_at, **more)

    def put_person(
        self, session: orm.Session, username: str, roles_at: Iterable[Post] = (), **more: Any
    ) -> UUID:
        """The same within a transaction of yours."""
        person = Person(id=new_id(), username=username, name=more.pop("name", username), **more)
        session.add(person)
        session.flush()
        self.people[username] = person.id
        for role, site, *limit in roles_at:
            self._put_grant(session, username, role, site, relation=limit[0] if limit else None)
        return person.id

    def put_people(self, session: orm.Session, people: Mapping[str, Iterable[Post]]) -> None:
        """Many at once: user name → posts."""
        held = session.execute(sa.select(Role.slug, Role.id).where(Role.tenant_id == self.tenant))
        roles = dict(held.all())
        made = [Person(id=new_id(), username=username, name=username) for username in people]
        session.add_all(made)
        session.flush()
        self.people.update((person.username, person.id) for person in made)
        session.add_all(
            Grant(
                id=new_id(),
                person_id=self.people[username],
                role_id=roles[role],
                site_id=self.sites[site],
                relation=limit[0] if limit else None,
            )
            for username, roles_at in people.items()
            for role, site, *limit in roles_at
        )

    def grant(
        self,
        username: str,
        role: str,
        site: str,
        *,
        starts: dt.datetime | None = None,
        ends: dt.datetime | None = None,
        relation: str | None = None,
    ) -> UUID:
        """Give a post to a person at a site and all below it, from (inclusive), until (exclusive)."""
        with self.session() as session:
            return self._put_grant(session, username, role, site, starts_at=starts, ends_at=ends, relation=relation)

    def _put_grant(self, session: orm.Session, username: str, role: str, site: str, **more: Any) -> UUID:
        role_id = session.scalars(sa.select(Role.id).where(Role.tenant_id == self.tenant, Role.slug == role)).one()
        made = Grant(id=new_id(), person_id=self.people[username], role_id=role_id, site_id=self.sites[site], **more)
        session.add(made)
        session.flush()
        return made.id

    def revoke(self, grant: UUID) -> None:
        """Take a grant back."""
        with self.session() as session:
            session.execute(sa.delete(Grant).where(Grant.tenant_id == self.tenant, Grant.id == grant))

    def switch(self, module: str, on: bool) -> None:
        """Switch a module on or off."""
        with self.session() as session:
            session.merge(Module(tenant_id=self.tenant, name=module, enabled=on))

    def settings(self, module: str, **values: Any) -> None:
        """Change settings of a module; names not given keep what they were."""
        with self.session() as session:
            found = session.get(Setting, (self.tenant, module))
            kept = dict(found.value) if found else {}
            session.merge(Setting(tenant_id=self.tenant, module=module, value={**kept, **values}))


def found_company(
    owner_address: str,
    cell: Cell,
    registry: Registry,
    slug: str,
    *,
    modules: Iterable[str] | None = None,
    sites: Mapping[str, tuple[str | None, str]] = SITES,
    people: Mapping[str, Iterable[Post]] | None = None,
) -> Company:
    """Make a company.

    :param owner_address: of the database's owner, who alone may write the tables outside companies.
    :param modules: those that are on; default: all that are loaded.
    :param sites: slug → (parent, type), parents first; the company's own site is made before them.
    :param people: user name → (role, site) pairs, or with the relation that limits it; default: ``everybody``.
    """
    places = [NewSite(slug, slug, type="company")]
    places += [NewSite(name, name, parent, type) for name, (parent, type) in sites.items()]
    owner = Cell(owner_address, pool=1)
    try:
        tenant = create_company(
            owner,
            registry,
            slug=slug,
            name=slug,
            hosts=[f"{slug}.localhost"],
            sites=places,
            modules=tuple(registry.modules if modules is None else modules),
        )
    finally:
        owner.engine.dispose()
    company = Company(cell, registry, tenant, slug)
    with company.session() as session:
        company.sites.update({site.slug: site.id for site in session.scalars(sa.select(Site))})
        company.put_people(session, everybody(registry, slug) if people is None else people)
    return company


def everybody(registry: Registry, company: str) -> dict[str, list[Post]]:
    """Somebody for each post, for the sites of ``SITES``, and one without any.

    Named by post and site: ``general_manager``, ``admin`` (whole company), ``regional_director_north``,
    ``project_manager_n1``, ``project_manager_s1``, ``service_agent_n1``, … and ``nobody``.
    """
    found: dict[str, list[Post]] = {"nobody": []}
    for role in registry.roles:
        if role in COMPANY_WIDE:
            found[role] = [(role, company)]
        else:
            for site in ("north", "south") if role in REGIONAL else ("n1", "s1"):
                found[f"{role}_{site}"] = [(role, site)]
    return found


__all__ = ["SITES", "Company", "everybody", "found_company"]
