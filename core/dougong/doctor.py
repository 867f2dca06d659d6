"""``dougong doctor``: what is wrong with this installation, in words, each with what mends it. Changes nothing."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa

from .config import Config
from .errors import Unavailable
from .instant import now
from .migrations import author, runner
from .plugins.checkup import Checkup, Finding
from .plugins.registry import Registry
from .scheduling import watching
from .tenancy.audit import audit
from .tenancy.cells import Bound, Cell
from .tenancy.files import store_of
from .tenancy.install import LEAST_VERSION, SET_CONFIG_MEND, Addresses, may_set_config
from .tenancy.searching import handed_over
from .tenancy.stored import APP_ROLE
from .tenancy.tables import tenants
from .timing.tables import Occurrence
from .words import translator

_ = translator("dougong")

SKEW = 5.0  # seconds by which two clocks may differ
LATE = 300.0  # seconds after which something due should have become a job
MISSED = dt.timedelta(days=7)
_WORKERS = sa.func.platform.workers_seen().table_valued(sa.column("host", sa.Text), sa.column("clock_off", sa.Float))


def examine(config: Config, where: Addresses, registry: Registry) -> list[Finding]:
    """Everything that can be found without changing anything; empty when all is well.

    :param where: addresses of the database; a database that cannot be reached is a finding too.
    :param registry: the loaded plugins.
    """
    found = [Finding("bad", failure.problem, failure.mend) for failure in registry.failures]
    found += _home(config.home)
    found += _files(config)
    for _module, one in registry.contributed(Checkup, frozenset(registry.plugins)):
        found += one.look()
    unreachable = list(_unreachable(where))
    if unreachable:
        return found + unreachable
    found += [*_database(where), *_migrations(where, registry), *_barriers(where)]
    if runner.pending(where.app, registry):
        return found  # what is asked below may not be there yet
    return [*found, *_holidays(where), *_work(where)]


def _home(home: Path) -> Iterator[Finding]:
    if not home.exists():
        return
    if home.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding(
            "bad",
            _("Others on this machine may write in the folder {folder}.").format(folder=home),
            _("Run: chmod go-w {folder}").format(folder=home),
        )
    for file in sorted([home / "secret", *home.glob("*.password")]):
        if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "bad",
                _("Others on this machine may read the secret in {file}.").format(file=file),
                _("Run: chmod 600 {file}, then replace what it holds.").format(file=file),
            )


def _files(config: Config) -> Iterator[Finding]:
    store = store_of(config)
    if store.local is not None and not store.local.exists():  # made with the first file
        return
    try:
        store.check()
    except Unavailable as error:
        yield Finding(
            "bad",
            _("Files cannot be stored in {place}: {error}").format(place=store.place, error=error.__cause__ or error),
            _("Check that it is there and may be written, and DOUGONG_FILES with what belongs to it."),
        )


def _unreachable(where: Addresses) -> Iterator[Finding]:
    for role, address in (("owner", where.owner), ("app", where.app), ("operator", where.operator)):
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            yield Finding(
                "bad",
                _("The database does not let in the {role}: {error}").format(role=role, error=str(error).strip()),
                _("Check that PostgreSQL runs, DOUGONG_DATABASE_URL, and that the role exists with this password."),
            )


def _database(where: Addresses) -> Iterator[Finding]:
    with psycopg.connect(where.owner) as connection:
        version = connection.info.server_version
        if version < LEAST_VERSION:
            yield Finding(
                "bad",
                _("PostgreSQL {found} is too old.").format(found=version // 10000),
                _("Use PostgreSQL {least} or newer.").format(least=LEAST_VERSION // 10000),
            )
        if may_set_config(connection, APP_ROLE):
            yield Finding(
                "warn",
                _("The application's role may call set_config(), which could change the company inside a statement."),
                SET_CONFIG_MEND,
            )
        if not handed_over(connection):
            yield Finding(
                "warn",
                _("Searching reads every record of a company: the role dougong_search, which could use the index, is not there."),
                _(
                    "Let a superuser run: CREATE ROLE dougong_search NOLOGIN BYPASSRLS; GRANT dougong_search TO {owner};"
                    " then run “dougong migrate”."
                ).format(owner=connection.info.user),
            )


def _migrations(where: Addresses, registry: Registry) -> Iterator[Finding]:
    behind = runner.pending(where.app, registry)
    for module, revision in behind.items():
        yield Finding(
            "bad",
            _("“{module}” is not up to date: migration {revision} has not run.").format(
                module=module, revision=revision
            ),
            _("Run “dougong migrate”."),
        )
    if behind:
        return  # what is missing would show as a difference too
    try:
        differences = author.drift(registry, where.owner)
    except runner.Unfit as error:
        yield Finding("bad", error.words, _("Let DOUGONG_DATABASE_URL name the role that owns the database."))
        return
    for line in differences:
        yield Finding(
            "warn",
            _("Declaration and tables differ: {difference}").format(difference=line),
            _(
                "Run “dougong plugin migration NAME” in the plugin's source, or restore the table that was changed by hand."
            ),
        )


def _barriers(where: Addresses) -> Iterator[Finding]:
    mend = _("Undo it as the owner of the database; a module's tables are mended by its next migration.")
    for line in audit(where.owner):
        yield Finding("bad", _("The barrier between companies: {line}").format(line=line), mend)


def _holidays(where: Addresses) -> Iterator[Finding]:
    if runner.older_holidays(where.owner):
        yield Finding(
            "warn",
            _("Due times were computed by other public holidays than those installed now."),
            _("Run “dougong migrate”: the worker then computes them anew."),
        )


def _work(where: Addresses) -> Iterator[Finding]:
    """Whether somebody works off the jobs, and what they could not do."""
    cell = Cell(where.owner, pool=1)
    try:
        before = now()
        with cell.platform() as connection:
            found = watching.health(connection)
            after = now()
            workers = connection.execute(sa.select(_WORKERS.c.host, _WORKERS.c.clock_off)).all()
        # The answer's moment lies between the two, however slow the machine is; what it lies outside of them is the clocks'.
        ahead = max(found.at - after, dt.timedelta()) + min(found.at - before, dt.timedelta())
        yield from _clock(ahead.total_seconds(), str(_("this machine")))
        for host, off in workers:
            yield from _clock(off, host)
        yield from _queue(found)
        yield from _missed(cell)
    finally:
        cell.engine.dispose()


def _clock(ahead: float, host: str) -> Iterator[Finding]:
    if abs(ahead) > SKEW:
        yield Finding(
            "bad" if abs(ahead) > 60 else "warn",
            _("The clock of {host} differs from the database's by {n} seconds.").format(host=host, n=round(abs(ahead))),
            _("Keep both by a time service (NTP, chrony): deadlines are computed by the one and noted by the other."),
        )


def _queue(found: watching.Health) -> Iterator[Finding]:
    since = min((each for each in (found.waiting_since, found.overdue_since) if each), default=None)
    if found.silent and since is not None:
        yield Finding(
            "bad",
            _("Nobody works off jobs: {n} wait, the oldest since {when}.").format(
                n=found.waiting + found.overdue, when=f"{since:%Y-%m-%d %H:%M} UTC"
            ),
            _("Start “dougong serve” or “dougong worker”; where one runs already, its log says why it does nothing."),
        )
    elif found.overdue_since is not None and (found.at - found.overdue_since).total_seconds() > LATE:
        yield Finding(
            "warn",
            _("Deadlines and schedules come late: {n} are due, the oldest since {when}.").format(
                n=found.overdue, when=f"{found.overdue_since:%Y-%m-%d %H:%M} UTC"
            ),
            _("Look into the worker's log, and start another “dougong worker” where it is only slow."),
        )
    if found.failed:
        yield Finding(
            "warn",
            _("Jobs that failed and are not tried again by themselves: {n}.").format(n=found.failed),
            _("See why: dougong jobs list --state failed. Then: dougong jobs retry, or dougong jobs drop."),
        )


def _missed(cell: Cell) -> Iterator[Finding]:
    """Runs of schedules that were missed lately; behind the barrier, so company by company."""
    with cell.platform() as connection:
        companies = connection.execute(sa.select(tenants.c.id, tenants.c.slug).order_by(tenants.c.slug)).all()
    found: dict[str, int] = {}
    for tenant, slug in companies:
        with cell.session(Bound(tenant)) as session:
            late = Occurrence.tenant_id == tenant, Occurrence.nominal > now() - MISSED, Occurrence.state == "missed"
            if n := session.scalar(sa.select(sa.func.count()).select_from(Occurrence).where(*late)):
                found[slug] = n
    if found:
        yield Finding(
            "warn",
            _("Runs of schedules that were missed in the last week: {n}, in {names}.").format(
                n=sum(found.values()), names=", ".join(list(found)[:10])
            ),
            _("See which: dougong schedules. The company's administrator runs them again under “Schedules”."),
        )


__all__ = ["Finding", "examine"]
