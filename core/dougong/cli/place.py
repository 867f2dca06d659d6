"""The installation that a command works on: configuration, database, plugins, one company's transaction as the system.

Nothing is touched before it is asked for: a command that needs no database does not start one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from ..words import translator
from .base import Failed

if TYPE_CHECKING:
    from sqlalchemy import orm

    from ..access.desk import Desk
    from ..access.tables import Person, Role
    from ..config import Config
    from ..plugins.registry import Registry
    from ..records.context import Context
    from ..tenancy.cells import Cell
    from ..tenancy.install import Addresses

_ = translator("dougong")


def configured(**given: Any) -> Config:
    """The configuration from the environment; ``given`` values that are not None win.

    :raises Failed: a variable does not fit; it is named.
    """
    from pydantic import ValidationError

    from ..config import Config
    from ..records.messages import message

    try:
        return Config(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"DOUGONG_{str(first['loc'][0]).upper()}"
        raise Failed(_("{name} {why}.").format(name=name, why=message(first))) from error


class Place:
    """One installation, as a command sees it. Use it as a context manager: connections are closed at the end.

    :param fresh: the command may begin a new installation; else one must be there.
    """

    def __init__(self, *, fresh: bool = False, config: Config | None = None) -> None:
        self._fresh, self._given = fresh, config
        self._left: list[Cell] = []  # cells of what was opened beside the two below

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_error: object) -> None:
        for name in ("owner", "cell"):
            if name in self.__dict__:
                self.__dict__[name].engine.dispose()
        for cell in self._left:
            cell.engine.dispose()

    @cached_property
    def config(self) -> Config:
        return self._given or configured()

    @cached_property
    def registry(self) -> Registry:
        from ..plugins.loader import load

        return load()

    def must_be_there(self) -> None:
        """:raises Failed: there is no installation here, and the command does not begin one."""
        from ..tenancy.embedded import Server

        if self.config.embedded and not self._fresh and not Server(self.config.home).data.exists():
            raise Failed(
                _(
                    "There is no installation in {folder}. Begin one with “dougong migrate” or “dougong demo”, or set "
                    "DOUGONG_HOME to the folder of yours."
                ).format(folder=self.config.home)
            )

    @cached_property
    def addresses(self) -> Addresses:
        """Where the database is; the embedded server is started. :raises Failed: see ``must_be_there``."""
        from ..tenancy.install import addresses

        self.must_be_there()
        return addresses(self.config)

    @cached_property
    def owner(self) -> Cell:
        """As the role that owns the tables: only it writes those outside companies."""
        from ..tenancy.cells import Cell

        return Cell(self.addresses.owner, pool=1)

    @cached_property
    def cell(self) -> Cell:
        """As the application's role."""
        from ..tenancy.cells import Cell

        return Cell(self.addresses.app, pool=2)

    def tenant(self, slug: str) -> UUID:
        """:raises Failed: no company of that name; the names that there are are said."""
        import sqlalchemy as sa

        from ..tenancy.tables import tenants

        with self.cell.platform() as connection:
            known: dict[str, UUID] = {
                name: id for id, name in connection.execute(sa.select(tenants.c.id, tenants.c.slug))
            }
        if slug in known:
            return known[slug]
        if not known:
            raise Failed(
                _("There is no company “{slug}”, nor any other. Make one: dougong tenant create").format(slug=slug)
            )
        names = ", ".join(sorted(known)[:20])
        raise Failed(_("There is no company “{slug}”. There are: {names}").format(slug=slug, names=names))

    @contextmanager
    def desk(self, slug: str) -> Iterator[Desk]:
        """One transaction in a company, with the rights of the system; committed at the end."""
        from ..tenancy.cells import Bound

        tenant = self.tenant(slug)
        with self.cell.session(Bound(tenant)) as session:
            yield desk_in(session, tenant, self.registry)


    def units(self, slug: str, module: str) -> Callable[[], AbstractContextManager[Context[Any]]]:
        """A function that begins a unit of work in a company, as the system, for a command that does several.

        :param module: whose settings it carries. :raises Failed: no such company. A unit raises ``Off`` where the module is.
        """
        from ..app import opener, parts
        from ..tenancy.cells import Stale

        tenant = self.tenant(slug)
        of = parts(self.config, registry=self.registry, where=self.addresses)
        self._left.append(of.cell)
        opened = opener(of)

        @contextmanager
        def unit() -> Iterator[Context[Any]]:
            with ExitStack() as stack:
                try:
                    made = stack.enter_context(opened(tenant, module))
                except Stale:  # the unit before changed the company
                    made = stack.enter_context(opened(tenant, module))
                yield replace(cast("Context[Any]", made), jobs=None)

        return unit


def desk_in(session: orm.Session, tenant: UUID, registry: Registry) -> Desk:
    """The system's desk in a transaction, by what this transaction sees now."""
    from ..access.desk import Desk
    from ..access.snapshot import Snapshot
    from ..access.store import read_rows
    from ..instant import now
    from ..records.history import write

    snapshot = Snapshot(read_rows(session, tenant, registry))
    return Desk(session, snapshot.gate(None, now()), registry, write)


def find_person(desk: Desk, username: str) -> Person:
    """:raises Failed: nobody of that name in this company."""
    import sqlalchemy as sa

    from ..access.secret import normal_username
    from ..access.tables import Person

    found = desk.session.scalar(sa.select(Person).where(Person.username == normal_username(username)))
    if found is None:
        company = desk.gate.snapshot.slug
        raise Failed(
            _("“{company}” has nobody with the user name “{user}”. See: dougong user list --tenant {company}").format(
                company=company, user=username
            )
        )
    return found


def find_site(desk: Desk, slug: str | None) -> UUID:
    """A site by its slug; None: the company itself. :raises Failed: there is none."""
    tree = desk.gate.snapshot.sites
    if slug is None:
        return tree.root
    if slug not in tree.by_slug:
        raise Failed(
            _("There is no site “{slug}”. There are: {names}").format(
                slug=slug, names=", ".join(list(tree.by_slug)[:30])
            )
        )
    return tree.by_slug[slug].id


def find_role(desk: Desk, slug: str) -> Role:
    """:raises Failed: the company has no such role."""
    import sqlalchemy as sa

    from ..access.tables import Role

    found = desk.session.scalar(sa.select(Role).where(Role.slug == slug))
    if found is None:
        names = ", ".join(sorted(desk.gate.snapshot.roles))
        raise Failed(_("There is no role “{slug}”. There are: {names}").format(slug=slug, names=names))
    return found


def need_module(place: Place, name: str) -> None:
    """:raises Failed: no such module is installed."""
    if name not in place.registry.modules:
        names = ", ".join(place.registry.modules)
        raise Failed(_("There is no module “{name}”. Installed are: {names}").format(name=name, names=names))
