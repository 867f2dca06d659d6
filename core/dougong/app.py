"""The composition root: puts the layers together into one running installation. Decides nothing itself."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
import uvicorn

from .access.people import ACTIVE
from .access.store import Snapshots
from .access.tables import Credential, Person
from .config import Config
from .instant import now
from .migrations.runner import pending, settle
from .plugins.loader import load
from .plugins.registry import Registry
from .records import journal
from .records.context import Context
from .scheduling.attempts import Opener
from .scheduling.jobs import Gone, Jobs, Off
from .scheduling.process import WorkerThread
from .scheduling.worker import Worker
from .tenancy.cells import Bound, Cell, Stale
from .tenancy.files import Store, store_of
from .tenancy.install import Addresses, addresses
from .tenancy.tables import tenants
from .web import account, admin, approvals, offline, router, signin
from .web.application import Application, RouteSource, plugin_pages
from .web.landing import Demo
from .web.protocol import BoundedHead
from .web.themes import Themes
from .words import Lazy, speaking, translator

_ = translator("dougong")
log = structlog.get_logger("dougong")

ROUTES: tuple[RouteSource, ...] = (signin.routes, offline.routes, account.routes, admin.routes, approvals.routes, plugin_pages)
STOPPING = 20  # seconds that running requests may take to finish


class Refused(Exception):
    """``serve`` does not start; the message says why and what to do."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class Parts:
    """What every process of an installation is made of.

    :ivar addresses: of the database, per role. :ivar cell: as the application's role. :ivar store: of files.
    """

    config: Config
    addresses: Addresses
    registry: Registry
    cell: Cell
    snapshots: Snapshots
    jobs: Jobs
    store: Store


def parts(config: Config, *, registry: Registry | None = None, where: Addresses | None = None) -> Parts:
    """Load the plugins and prepare the database's addresses (the embedded server is started).

    :param registry: plugins loaded already. :param where: addresses known already (tests).
    :raises InstallError, ServerError: the database is not to be had; in words.
    """
    found = registry or load()
    place = where or addresses(config)
    cell = Cell(place.app)
    return Parts(config, place, found, cell, Snapshots(cell, found), Jobs(found.jobs), store_of(config))


def build(
    of: Parts,
    *,
    demo: bool = False,
    landing: Callable[[], Sequence[Demo]] | None = None,
    worker: bool = False,
) -> Application:
    """The web application of an installation.

    :param demo: whether the demo's published passwords open anything.
    :param landing: what the bare ``localhost`` lists; None: nothing.
    :param worker: work off jobs in a thread of this process.
    """
    thread = WorkerThread(Worker(of.jobs, of.addresses.app, opener(of))) if worker else None

    def missing() -> list[str]:
        return [f"{module}: migration {head} not run" for module, head in pending(of.addresses.app, of.registry).items()]

    return Application(
        cell=of.cell,
        registry=of.registry,
        snapshots=of.snapshots,
        jobs=of.jobs,
        files=of.store,
        config=of.config,
        themes=Themes(of.registry.themes, {name: one.package for name, one in of.registry.modules.items()}),
        routes=ROUTES,
        records=router.routes_for,
        allow_demo=demo,
        landing=landing,
        ready=missing,
        on_open=[thread.start] if thread else [],
        on_close=[thread.stop] if thread else [],
    )


def opener(of: Parts) -> Opener:
    """How a worker opens a company's transaction: as the system, at the snapshot's version."""

    @contextmanager
    def opened(tenant: UUID, module: str) -> Iterator[Context[Any]]:
        try:
            snapshot = of.snapshots.get(tenant)
        except LookupError as error:
            raise Gone(str(tenant)) from error
        try:
            with of.cell.session(Bound(tenant, snapshot.version)) as session:
                session.connection()  # begin, and so assert, before anything is decided
                if snapshot.status != "active" or not snapshot.module_on(module):
                    raise Off(f"{module} of {tenant}")
                moment = now()
                settings = snapshot.rows.settings.get(module) or snapshot.settings("core")
                # What a job writes down is in the company's language, whatever the shell speaks in which it runs.
                with speaking(getattr(snapshot.settings("core"), "locale", None)):
                    x = Context(session, snapshot.gate(None, moment), settings, moment, of.registry, of.jobs, store=of.store)
                    yield x
                    if "journal" in session.info:  # records that a job made have their history and are told of, too
                        journal.settle(x)
        except Stale:
            of.snapshots.drop(tenant)
            raise

    return opened


def configure_logging(level: int = logging.INFO) -> None:
    """Lines of JSON on standard error, so that a command's own output stays clean."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def demo_passwords(of: Parts) -> list[str]:
    """Companies (by slug) in which somebody who may sign in still has a published password."""
    with of.cell.platform() as connection:
        companies = connection.execute(sa.select(tenants.c.id, tenants.c.slug).order_by(tenants.c.slug)).all()
    published = (
        sa.select(Person.id)
        .join(Credential, sa.and_(Credential.tenant_id == Person.tenant_id, Credential.person_id == Person.id))
        .where(Credential.demo, Person.status == ACTIVE)
        .limit(1)
    )
    found = []
    for tenant, slug in companies:
        with of.cell.session(Bound(tenant)) as session:
            if session.scalar(published) is not None:
                found.append(slug)
    return found


def server(application: Application, config: Config) -> uvicorn.Server:
    """The HTTP server: one process, uvloop and httptools, no access log, requests may finish when it stops."""
    return uvicorn.Server(
        uvicorn.Config(
            application,
            host=config.host,
            port=config.port,
            loop="uvloop",
            http=BoundedHead,
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=STOPPING,
        )
    )


def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM, with a worker in a thread: ``dougong serve``.

    :raises Refused: a published password is still in use, or migrations are missing.
    """
    configure_logging()
    of = parts(config)
    if names := settle(of.addresses.app, of.registry):
        raise Refused(_("The database is older than the program ({names}). Run “dougong migrate” first.").format(names=names))
    if companies := demo_passwords(of):
        raise Refused(
            _(
                "The demo's published passwords still hold in: {companies}. Give these people new passwords "
                "(dougong user password) or use another DOUGONG_HOME."
            ).format(companies=", ".join(companies))
        )
    server(build(of, worker=True), config).run()
