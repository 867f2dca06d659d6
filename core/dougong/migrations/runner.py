"""Running migrations: the core's first, then each plugin's in the order of dependencies.

One transaction a tree. A failing core migration is raised; a failing plugin migration is rolled back and turns
off that plugin and what requires it. Nothing runs as a superuser, because row security would not hold for it
and the mistakes it hides would show in production only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import sqlalchemy as sa
import structlog
from alembic import command
from sqlalchemy.dialects.postgresql import insert

from ..plugins.manifest import Failure
from ..plugins.registry import Registry
from ..records.search_fill import fill
from ..scheduling import holidays
from ..tenancy import searching
from ..tenancy.stored import APP_ROLE
from ..tenancy.tables import due, notes, tenants
from ..words import Lazy, translator
from .trees import CORE, VERSION_TABLE, Tree, trees

_ = translator("dougong")
log = structlog.get_logger(__name__)

SEARCHED_SINCE = "core_0003"  # records that are older have nothing yet that searching could read
HOLIDAYS = "holidays"  # the note of the public holidays by which due times were computed
ROLES = (APP_ROLE, "dougong_operator")


class Unfit(Exception):
    """The database is not one that migrations may run on; ``words`` say why and what mends it."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(str(words))
        self.words = words


class Newer(Unfit):
    """The database stands at a migration that this program does not know."""


@dataclass
class Report:
    """What a run did.

    :ivar applied: module → revisions that were applied now, in order.
    :ivar failures: plugins that were turned off because their migration failed.
    :ivar holidays: the public holidays are others than at the run before.
    """

    applied: dict[str, list[str]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    holidays: bool = False


def migrate(owner_address: str, registry: Registry) -> Report:
    """Bring the database to the declared shape.

    :param owner_address: libpq URI of the owner's role, who is no superuser.
    :param registry: the loaded plugins; those whose migration fails are taken out of it.
    :raises Unfit: wrong role, roles missing, or a database of a newer version of the core.
    :raises sqlalchemy.exc.SQLAlchemyError: a migration of the core failed; nothing of it was kept.
    """
    report = Report()
    for tree in trees(registry):
        if tree.name != CORE and tree.name not in registry.modules:
            continue  # fell with a plugin that it requires
        try:
            done = _upgrade(owner_address, tree)
        except Exception as error:  # a plugin's code: whatever it raises must not stop the platform
            if tree.name == CORE or (isinstance(error, Unfit) and not isinstance(error, Newer)):
                raise
            log.exception("migration failed", module=tree.name)
            report.failures += registry.fail(
                tree.name,
                _("A migration of “{name}” failed and was rolled back: {error}").format(
                    name=tree.name, error=_first_line(error)
                ),
                _("Mend or update the plugin “{name}”, then run “dougong migrate” again.").format(name=tree.name),
            )
        else:
            if done:
                report.applied[tree.name] = done
    if SEARCHED_SINCE in report.applied.get(CORE, ()):
        fill(owner_address, registry, missing=True)
    report.holidays = _follow(owner_address)
    return report


def _follow(address: str) -> bool:
    """A new version may bring other schedules, and the notice of another year's public holidays: each company follows at the
    next tick, whatever the clock shows.

    :return: whether the public holidays are others than those noted.
    """
    wanted = sa.values(sa.column("kind", sa.Text), name="wanted").data([("core.schedules",), ("core.calendar",)])
    noted = sa.select(tenants.c.id, wanted.c.kind, tenants.c.id, sa.func.to_timestamp(0)).select_from(
        sa.join(tenants, wanted, sa.true())
    )
    made = insert(due).from_select(["tenant_id", "kind", "id", "due_at"], noted)
    again = made.on_conflict_do_update(index_elements=["tenant_id", "kind", "id"], set_={"due_at": made.excluded.due_at})
    with owned(address) as connection:
        connection.execute(again)
        before = _noted(connection)
        note = insert(notes).values(name=HOLIDAYS, value=holidays.edition())
        connection.execute(note.on_conflict_do_update(index_elements=["name"], set_={"value": note.excluded.value}))
        return before is not None and before != holidays.edition()


def _noted(connection: sa.Connection) -> str | None:
    return connection.scalar(sa.select(notes.c.value).where(notes.c.name == HOLIDAYS))


def older_holidays(address: str) -> bool:
    """Whether due times were last computed by other public holidays than this program knows. The owner may ask."""
    with engine(address) as bind, bind.connect() as connection:
        return _noted(connection) not in (None, holidays.edition())


def pending(address: str, registry: Registry) -> dict[str, str]:
    """Modules whose database is not at their newest migration → that revision. The application's role may ask."""
    found: dict[str, str] = {}
    with engine(address) as bind, bind.connect() as connection:
        for tree in trees(registry):
            head = tree.head()
            if head is not None and current(connection, tree) != head:
                found[tree.name] = head
    return found


def settle(address: str, registry: Registry) -> str | None:
    """Before serving: turn off the plugins whose tables are not up to date, as after a failed migration.

    :return: the core's revision that is missing, without which nothing can be served; None if it is there.
    """
    behind = pending(address, registry)
    for name, head in behind.items():
        if name in registry.modules:
            registry.fail(
                name,
                _("The tables of “{name}” are not up to date: migration {revision} has not run.").format(
                    name=name, revision=head
                ),
                _("Run “dougong migrate”; if that migration fails, mend or update the plugin first."),
            )
    return behind.get(CORE)


def current(connection: sa.Connection, tree: Tree) -> str | None:
    """The revision that the database is at; None before the first."""
    name = f"{tree.schemas[0]}.{VERSION_TABLE}"
    if connection.scalar(sa.select(sa.func.to_regclass(name))) is None:
        return None
    table = sa.table(VERSION_TABLE, sa.column("version_num", sa.Text), schema=tree.schemas[0])
    return connection.scalar(sa.select(table.c.version_num))


@contextmanager
def engine(address: str) -> Iterator[sa.Engine]:
    """A short-lived engine for a libpq URI; SQLAlchemy must not interpret what libpq already understands."""
    made = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(address), poolclass=sa.NullPool)
    try:
        yield made
    finally:
        made.dispose()


@contextmanager
def owned(address: str) -> Iterator[sa.Connection]:
    """One transaction as the owner, alone among migrating processes.

    :raises Unfit: the role is a superuser or passes row security, or the application's roles are missing.
    """
    with engine(address) as bind, bind.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("dougong.migrate"))))
        _assert_fit(connection)
        yield connection


def _assert_fit(connection: sa.Connection) -> None:
    roles = sa.table(
        "pg_roles",
        *(sa.column(name) for name in ("rolname", "rolsuper", "rolbypassrls")),
        schema="pg_catalog",
    )
    rows = connection.execute(sa.select(roles)).all()
    me = connection.scalar(sa.select(sa.func.current_user()))
    if any(row.rolname == me and (row.rolsuper or row.rolbypassrls) for row in rows):
        raise Unfit(
            _("“{role}” is a superuser or passes row-level security: use the role that owns the database.").format(
                role=me
            )
        )
    missing = sorted(set(ROLES) - {row.rolname for row in rows})
    if missing:
        raise Unfit(
            _("The database lacks the roles {roles}: let a superuser create them.").format(roles=", ".join(missing))
        )


def _upgrade(address: str, tree: Tree) -> list[str]:
    if tree.head() is None:
        return []
    with owned(address) as connection:
        done = apply(connection, tree)
        if tree.name == CORE:
            driver = connection.connection.driver_connection
            assert driver is not None
            searching.hand_over(driver)  # also where the role came after the migration
        return done


def apply(connection: sa.Connection, tree: Tree) -> list[str]:
    """Run what is pending of one tree within the caller's transaction; the revisions, in order."""
    head = tree.head()
    before = current(connection, tree)
    if head is None or before == head:
        return []
    if before is not None and before not in tree.between(None, head):
        raise Newer(
            _("The database is at migration {revision} of “{name}”, which this version does not have.").format(
                revision=before, name=tree.name
            )
        )
    for schema in tree.schemas:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
    command.upgrade(tree.config(connection), "head")
    connection.exec_driver_sql(f"GRANT SELECT ON {tree.schemas[0]}.{VERSION_TABLE} TO {APP_ROLE}")
    return tree.between(before, head)


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
