"""The test database server: one embedded PostgreSQL for a whole test run, shared by all its processes.

Lives in a folder of its own directly below the temporary folder, because root's server runs as another user who
may not enter pytest's. Not durable. What a run that was killed left behind is cleared by the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from ..tenancy.embedded import SUPERUSER, Server
from ..tenancy.install import OPERATOR_ROLE, OWNER_ROLE, Addresses, embedded_addresses, make_database
from ..tenancy.stored import APP_ROLE

VARIABLE = "DOUGONG_TEST_RUN"
PREFIX = "dougong-test-"
TEMPLATE = "dougong_template"


@dataclass(frozen=True)
class Database:
    """A database of its own, and its addresses for each role.

    :ivar name: its name in the server.
    :ivar owner: libpq URI of the role that owns the tables (row security binds it too).
    :ivar app: libpq URI of ``dougong_app``, as the application connects.
    :ivar operator: libpq URI of ``dougong_operator``.
    :ivar superuser: libpq URI of the superuser, for whom no barrier holds.
    """

    name: str
    owner: str
    app: str
    operator: str
    superuser: str

    @property
    def addresses(self) -> Addresses:
        """The same, as the platform takes them."""
        return Addresses(self.owner, self.app, self.operator, self.superuser)


def open_folder(prefix: str = PREFIX) -> Path:
    """A new temporary folder that every user may pass through, but not list."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    return folder


def begin_run() -> Path:
    """Called once by the main process: the run's folder, which all worker processes find in the environment."""
    _clear_dead_runs()
    folder = open_folder()
    (folder / "process").write_text(str(os.getpid()), "utf-8")
    os.environ[VARIABLE] = str(folder)
    return folder


def end_run(folder: Path) -> None:
    """Called once by the main process after all tests: stops the server and removes the folder."""
    os.environ.pop(VARIABLE, None)
    Server(folder, durable=False).erase()
    shutil.rmtree(folder)


def _clear_dead_runs() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):  # another user's, or being removed right now
            process = int((folder / "process").read_text("utf-8"))
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                end_run(folder)


class TestServer:
    """The run's server, as one process sees it.

    :param folder: the run's folder.
    :param migrate: brings a database (owner's address) to the declared shape; runs once a test run.
    """

    __test__ = False  # not a test class

    def __init__(self, folder: Path, migrate: Callable[[str], object] | None) -> None:
        self.folder, self.migrate = folder, migrate
        self.server = Server(folder, durable=False, settings={"max_connections": "300", "shared_buffers": "128MB"})
        self.server.start()

    def database(self, name: str, *, bare: bool = False) -> Database:
        """A fresh database: a copy of the migrated template, or ``bare``: with roles, without tables."""
        template = None if bare else self._template()
        if template is None:
            embedded_addresses(self.server, name)
        else:
            with self._superuser() as connection:
                make_database(connection, name, template=template)
        return self._named(name)

    @contextlib.contextmanager
    def temporary(self, *, bare: bool = False) -> Iterator[Database]:
        """A fresh database that is dropped at the end, whoever is still connected."""
        name = f"t_{uuid4().hex[:16]}"
        try:
            yield self.database(name, bare=bare)
        finally:
            with self._superuser() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _named(self, name: str) -> Database:
        roles = (OWNER_ROLE, APP_ROLE, OPERATOR_ROLE, SUPERUSER)
        return Database(name, *(self.server.address(name, role) for role in roles))

    def _template(self) -> str:
        """Made by the first process that needs it; the file says that it is complete."""
        done = self.folder / "template.done"
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                with self._superuser() as connection:  # an earlier attempt may have failed half-way
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(TEMPLATE)))
                embedded_addresses(self.server, TEMPLATE)
                if self.migrate:
                    self.migrate(self._named(TEMPLATE).owner)
                done.touch()
        return TEMPLATE

    def _superuser(self) -> psycopg.Connection:
        return psycopg.connect(self.server.address("postgres"), autocommit=True)


__all__ = ["Database", "TestServer", "begin_run", "end_run", "open_folder"]
