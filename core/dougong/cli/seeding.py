"""The demo: two companies out of ``tenants/*.toml``, with people who share one published password, and records.

A company comes with everything in one transaction, so that one which is there is whole. Owns what the demo is; how a
company is made belongs to ``applying``, its records to the plugins (hook ``dougong_demo``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from .. import words
from ..access import passwords
from ..access.people import ACTIVE
from ..access.signin import set_password
from ..access.snapshot import Snapshot
from ..access.tables import Credential, Person
from ..instant import now
from ..records.context import Context
from ..tenancy.cells import Bound
from ..tenancy.tables import hosts, tenants
from ..web.landing import Demo, DemoPerson
from ..web.slots import added
from ..words import translator
from .applying import Work, apply
from .base import Failed
from .company_file import read
from .offering import take_up

if TYPE_CHECKING:
    from ..app import Parts

_ = translator("dougong")
log = structlog.get_logger(__name__)

PASSWORD = "dougong-demo"  # noqa: S105 - published: every demo shows it, and serve refuses it
# Who is shown first: those who carry a complaint from registration to closing, and the administrator.
SHOWN = ("service_agent", "service_lead", "project_manager", "regional_director", "admin")
MANAGERS = 2  # project managers shown, so that two sites are


@dataclass(frozen=True)
class Seeded:
    """A demo company as it is. :ivar representative: the few to be shown first; the rest is in ``people`` too."""

    name: str
    host: str
    modules: tuple[words.Lazy | str, ...]
    people: tuple[tuple[str, str, UUID], ...]
    snapshot: Snapshot
    representative: tuple[UUID, ...]
    doors: tuple[tuple[str, str], ...] = ()  # label and path of what modules open without signing in

    def shown(self) -> list[DemoPerson]:
        """The few, in the order in which a complaint passes through their hands."""
        known = {id: (username, name, id) for username, name, id in self.people}
        return [self.person(*known[id]) for id in self.representative]

    def demo(self) -> Demo:
        """As the page of the bare ``localhost`` shows it, in the current language."""
        text = ", ".join(map(str, self.modules))
        if more := len(self.people) - len(self.representative):
            others = _("{n} more people have the same password; “dougong user list --tenant {slug}” shows them.")
            text = f"{text} · {others.format(n=more, slug=self.snapshot.slug)}"
        return Demo(self.name, self.host, tuple(self.shown()), text, self.doors)

    def person(self, username: str, name: str, id: UUID) -> DemoPerson:
        grants = self.snapshot.grants_of(id)
        roles = dict.fromkeys(self.snapshot.roles[grant.role].label for grant in grants)
        sites = dict.fromkeys(self.snapshot.sites.node(grant.site).name for grant in grants)
        return DemoPerson(username, name, ", ".join(roles), ", ".join(sites), PASSWORD)


def files(folder: Path | None) -> list[Path]:
    """The companies' files: of a folder, else of ``tenants`` here, else beside the source.

    :raises Failed: there are none.
    """
    beside = Path(__file__).resolve().parents[3] / "tenants"
    places = [folder] if folder else [Path("tenants"), beside]
    for place in places:
        if found := sorted(place.glob("*.toml")):
            return found
    raise Failed(
        _("There are no company files (*.toml) in {folder}. Name their folder: --tenants FOLDER").format(
            folder=places[0]
        )
    )


def seed(of: Parts, paths: Iterable[Path]) -> list[str]:
    """Make the companies that are not there yet; one that is there is left as it is.

    :return: short names of those that were made.
    """
    from ..tenancy.cells import Cell

    wanted = [read(path) for path in paths]
    with of.cell.platform() as connection:
        known = set(connection.scalars(sa.select(tenants.c.slug)))
    missing = [file for file in wanted if file.slug not in known]
    if not missing:
        return []
    hashed = passwords.hash_password(PASSWORD)
    owner = Cell(of.addresses.owner, pool=1)
    try:
        for file in missing:
            apply(owner, of.registry, file, then=lambda work: _fill(work, of, hashed))
    finally:
        owner.engine.dispose()
    return [file.slug for file in missing]


def _fill(work: Work, of: Parts, hashed: str) -> None:
    moment = now()
    for person in work.session.scalars(sa.select(Person).where(Person.tenant_id == work.tenant)).all():
        person.status = ACTIVE
        set_password(work.session, person, PASSWORD, now=moment, demo=True, hashed=hashed)
    work.session.flush()
    spoken = words.locale.set(
        work.file.look.locale or words.DEFAULT_LOCALE
    )  # what is stored is in the company's language
    try:
        _records(work, of)
    finally:
        words.locale.reset(spoken)


def _records(work: Work, of: Parts) -> None:
    """Each enabled module fills in its records as the system, then people take up what rules offer them; a plugin that fails
    leaves none, and takes nothing with it."""
    gate = work.desk().gate
    for module in work.registry.modules:
        if module not in gate.snapshot.modules:
            continue
        settings: Any = gate.snapshot.rows.settings.get(module) or gate.snapshot.settings("core")
        x: Context[Any] = Context(work.session, gate, settings, gate.at, work.registry, of.jobs, store=of.store)
        hook = work.registry.hook(frozenset([module]))
        _whole(work, module, partial(hook.dougong_demo, context=x))
    core: Any = gate.snapshot.settings("core")
    x = Context(work.session, gate, core, gate.at, work.registry, of.jobs, store=of.store)
    _whole(work, "core", partial(take_up, x))


def _whole(work: Work, module: str, fill: Callable[[], object]) -> None:
    nested = work.session.begin_nested()
    try:
        fill()
        work.session.flush()
    except Exception:  # code of a plugin: whatever it raises must not stop the platform; logged in full
        nested.rollback()
        work.session.expunge_all()
        for pending in ("journal", "done", "changed"):  # of what is undone: the next module's first write would stumble over it
            if found := work.session.info.get(pending):
                found.clear()
        log.exception("demo records failed", module=module, company=work.file.slug)
    else:
        nested.commit()


def seeded(of: Parts) -> list[Seeded]:
    """The companies in which somebody has the published password, as they are now."""
    query = sa.select(tenants.c.id, tenants.c.name, sa.func.min(hosts.c.host)).join(
        hosts, hosts.c.tenant_id == tenants.c.id
    )
    with of.cell.platform() as connection:
        rows = connection.execute(query.group_by(tenants.c.id, tenants.c.name).order_by(tenants.c.created_at)).all()
    found = [_seeded(of, tenant, name, host) for tenant, name, host in rows]
    return [one for one in found if one.people]


def _seeded(of: Parts, tenant: UUID, name: str, host: str) -> Seeded:
    query = (
        sa.select(Person.username, Person.name, Person.id)
        .join(Credential, sa.and_(Credential.tenant_id == Person.tenant_id, Credential.person_id == Person.id))
        .where(Credential.demo, Person.status == ACTIVE)
        .order_by(Person.id)
    )
    with of.cell.session(Bound(tenant)) as session:
        people = tuple((username, known, id) for username, known, id in session.execute(query))
        snapshot = of.snapshots.get(tenant)
        gate = snapshot.gate(None, now())
        x: Context[Any] = Context(session, gate, snapshot.settings("core"), gate.at, of.registry)
        doors = tuple((one.text, one.href) for one in added(x, "demo") if one.href)
    labels = tuple(one.manifest.label for module, one in of.registry.modules.items() if module in snapshot.modules)
    few = _representative(snapshot, [one[2] for one in people])
    return Seeded(name, host, labels, people, snapshot, few, doors)


def _representative(snapshot: Snapshot, people: Sequence[UUID]) -> tuple[UUID, ...]:
    chosen: list[UUID] = []
    for role in SHOWN:
        holders = [id for id in people if any(grant.role == role for grant in snapshot.grants_of(id))]
        chosen += holders[: MANAGERS if role == "project_manager" else 1]
    return tuple(dict.fromkeys(chosen)) or tuple(people[: len(SHOWN)])


def foreign(of: Parts, paths: Iterable[Path]) -> list[str]:
    """Companies in the database that are not the demo's."""
    ours = {read(path).slug for path in paths}
    try:
        with of.cell.platform() as connection:
            slugs = connection.scalars(sa.select(tenants.c.slug).order_by(tenants.c.slug)).all()
    except sa.exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) in (
            "42P01",
            "3F000",
        ):  # no such table or schema: nothing was set up yet
            return []
        raise
    return [slug for slug in slugs if slug not in ours]


__all__ = ["PASSWORD", "Seeded", "files", "foreign", "seed", "seeded"]
