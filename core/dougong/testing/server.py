"""The test database server: one embedded PostgreSQL for a whole test run, shared by all its processes.

Lives in a folder of its own, in memory where there is room, else directly below the temporary folder, because root's server
runs as another user who may not enter pytest's. Not durable. What a run that was killed left behind is cleared by the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from ..config import Config
from ..tenancy.embedded import SUPERUSER, Server, ServerError
from ..tenancy.install import (
    OPERATOR_ROLE,
    OWNER_ROLE,
    Addresses,
    addresses,
    embedded_addresses,
    make_database,
    url_for,
)
from ..tenancy.stored import APP_ROLE

VARIABLE = "DOUGONG_TEST_RUN"
PREFIX = "dougong-test-"
TEMPLATE = "dougong_template"
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux keeps its files in memory; begin_run makes a folder that nobody can guess
ROOM = 4 << 30  # bytes that have to be free there; a run of three processes uses about 1 GiB


@dataclass(frozen=True)
class Database:
    """A database of its own, and its addresses for each role.

    :ivar name: its name in the server. :ivar addresses: as the platform takes them.
    """

    name: str
    addresses: Addresses

    @property
    def owner(self) -> str:
        """libpq URI of the role that owns the tables (row security binds it too)."""
        return self.addresses.owner

    @property
    def app(self) -> str:
        """libpq URI of ``dougong_app``, as the application connects."""
        return self.addresses.app

    @property
    def operator(self) -> str:
        """libpq URI of ``dougong_operator``."""
        return self.addresses.operator

    @property
    def superuser(self) -> str:
        """libpq URI of the superuser, for whom no barrier holds; the test is skipped where there is none."""
        if self.addresses.superuser is None:
            pytest.skip("the role of DOUGONG_DATABASE_URL is no superuser")
        return self.addresses.superuser


def open_folder(prefix: str = PREFIX, place: Path | None = None) -> Path:
    """A new temporary folder that every user may pass through, but not list.

    :param place: where; default: the temporary folder.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    folder.chmod(0o711)
    return folder


def place_of_runs() -> Path:
    """Memory where there is room, else the temporary folder (always where ``TMPDIR`` names one).

    A database is 1,700 files. Once thousands were removed in the last minute, as tests do, ext4 takes 0.7 s to make as many
    anew; memory takes 0.05 s.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return Path(tempfile.gettempdir())


def begin_run() -> Path:
    """Called once by the main process: the run's folder, which all worker processes find in the environment."""
    _clear_dead_runs()
    folder = open_folder(place=place_of_runs())
    (folder / "process").write_text(str(os.getpid()), "utf-8")
    os.environ[VARIABLE] = str(folder)
    return folder


def end_run(folder: Path) -> None:
    """Called once by the main process after all tests: stops the server and removes the folder."""
    os.environ.pop(VARIABLE, None)
    if (url := Config().database_url) and (folder / "template.done").exists():
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(_template_name(folder))))
    Server(folder, durable=False).erase()
    shutil.rmtree(folder)


def _template_name(folder: Path) -> str:
    return f"{TEMPLATE}_{sha256(os.fsencode(folder)).hexdigest()[:12]}"


def _clear_dead_runs() -> None:
    for folder in (found for place in {MEMORY, Path(tempfile.gettempdir())} for found in place.glob(f"{PREFIX}*")):
        with contextlib.suppress(OSError, ValueError, ServerError):  # another user's, or being removed right now
            process = int((folder / "process").read_text("utf-8"))
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                end_run(folder)


class TestServer:
    """The run's server, as one process sees it: the embedded one, or that of ``DOUGONG_DATABASE_URL``.

    On one's own server the role must be able to make databases (CREATEDB), and owns only those it makes.

    :param folder: the run's folder.
    :param migrate: brings a database (owner's address) to the declared shape; runs once a test run.
    """

    __test__ = False  # not a test class

    def __init__(self, folder: Path, migrate: Callable[[str], object] | None) -> None:
        self.folder, self.migrate = folder, migrate
        self.server: Server | None = None
        self.url = Config().database_url
        if self.url is None:
            self.server = Server(folder, durable=False, settings={"max_connections": "300", "shared_buffers": "128MB"})
            self.server.start()
            self.url = self.server.address("postgres")

    def database(self, name: str, *, bare: bool = False) -> Database:
        """A fresh database: a copy of the migrated template, or ``bare``: with roles, without tables."""
        return self._made(name, None if bare else self._template())

    @contextlib.contextmanager
    def temporary(self, *, bare: bool = False) -> Iterator[Database]:
        """A fresh database that is dropped at the end, whoever is still connected."""
        name = f"t_{uuid4().hex[:16]}"
        try:
            yield self.database(name, bare=bare)
        finally:
            with self.administrator() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def administrator(self) -> psycopg.Connection:
        """Connected as the role that makes databases, in autocommit."""
        assert self.url is not None
        return psycopg.connect(self.url, autocommit=True)

    def needs_superuser(self) -> None:
        """Skip the test where the server's role is none (one's own server only)."""
        with self.administrator() as connection:
            row = connection.execute("SHOW is_superuser").fetchone()
        if not row or row[0] != "on":
            pytest.skip("the role of DOUGONG_DATABASE_URL is no superuser")

    def _made(self, name: str, template: str | None) -> Database:
        if self.server is None:
            return self._made_on_own(name, template)
        if template is None:
            return Database(name, embedded_addresses(self.server, name))
        with self.administrator() as connection:
            make_database(connection, name, template=template)
        roles = (OWNER_ROLE, APP_ROLE, OPERATOR_ROLE, SUPERUSER)
        return Database(name, Addresses(*(self.server.address(name, role) for role in roles)))

    def _made_on_own(self, name: str, template: str | None) -> Database:
        with self.administrator() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        assert self.url is not None
        config = Config()
        return Database(name, addresses(config.model_copy(update={"database_url": url_for(self.url, database=name)})))

    def _template(self) -> str:
        """Made by the first process that needs it; the file says that it is complete."""
        name, done = _template_name(self.folder), self.folder / "template.done"
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                with self.administrator() as connection:  # an earlier attempt may have failed half-way
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
                made = self._made(name, None)
                if self.migrate:
                    self.migrate(made.owner)
                done.touch()
        return name


__all__ = ["Database", "TestServer", "begin_run", "end_run", "open_folder"]
