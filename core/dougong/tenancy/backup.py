"""Backup and restore of a whole installation: one tar file with the database, the files of records where they lie on
this machine, and the secrets of the home folder.

The dump is PostgreSQL's own custom format, taken by ``pg_dump`` in one snapshot while people go on working. Owns no
schedule and no place to keep backups; a bucket has its own means, the backup only names it. A backup holds personal data
and secrets: the file is for its owner alone.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from ..config import kept
from ..instant import now
from ..words import translator
from . import searching
from .embedded import binary
from .files import KEY, Store
from .install import Addresses, may_set_config

_ = translator("dougong")

DUMP, SECRET, MANIFEST, FILES = "database.dump", "secret", "backup.json", "files/"
FORMAT = 1


class BackupError(RuntimeError):
    """The backup or restore was not done; the text says why and how to mend it."""


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself.

    :ivar made_at: ISO 8601, UTC. :ivar dougong: version of the core. :ivar server: PostgreSQL's version number.
    :ivar files: the bucket whose files are not in it; empty: all files are.
    """

    made_at: str
    dougong: str
    server: int
    format: int = FORMAT
    files: str = ""


def backup(addresses: Addresses, target: Path, home: Path, store: Store | None = None) -> Contents:
    """Write the whole installation into ``target`` (mode 0600). An existing file is replaced only when the new one is complete.

    :param home: the installation's home folder, whose secret is kept with the data: what is signed stays valid.
    :param store: of files; a folder's are taken along, a bucket's are only named.
    :raises BackupError: the role may not read past row security, or pg_dump fails.
    """
    address = _passing(addresses)
    with psycopg.connect(address) as connection:
        bucket = store.place if store and store.local is None else ""
        contents = Contents(
            now().isoformat(), metadata.version("dougong"), connection.info.server_version, files=bucket
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".dougong-backup-") as folder:
        dump, fresh = Path(folder) / DUMP, Path(folder) / "backup.tar"
        _run("pg_dump", "--format=custom", "--no-password", "--file", dump, "--dbname", address)
        with tarfile.open(fresh, "w") as tar:
            _put(tar, MANIFEST, json.dumps(contents.__dict__, indent=2).encode())
            with contextlib.suppress(FileNotFoundError):
                _put(tar, SECRET, (home / SECRET).read_bytes())
            tar.add(dump, DUMP)
            # After the dump: what it tells of is there, and what came since does no harm.
            folder_of_files = store.local if store else None
            for key in store.keys() if store and folder_of_files and folder_of_files.is_dir() else ():
                with contextlib.suppress(FileNotFoundError):  # purged in this very moment
                    tar.add(folder_of_files / key, f"{FILES}{key}", recursive=False)  # type: ignore[operator]
        fresh.chmod(0o600)
        os.replace(fresh, target)
    return contents


def restore(
    addresses: Addresses, source: Path, home: Path, *, replace: bool = False, store: Store | None = None
) -> Contents:
    """Bring an installation back from a backup, as it was: all companies, people, records, history, jobs.

    Stop ``serve`` and ``worker`` first. All or nothing: when it fails, the database is as before.

    :param replace: delete what the database holds now; without it only an empty database is accepted.
    :param store: where the files go that are in the backup.
    :raises BackupError: no backup, one of a newer format or server, database not empty, or pg_restore fails.
    """
    address = _passing(addresses)
    with tempfile.TemporaryDirectory(prefix="dougong-restore-") as folder:
        contents, secret = _unpack(source, Path(folder))
        with psycopg.connect(address) as connection:
            if contents.server // 10000 > connection.info.server_version // 10000:
                raise BackupError(
                    _("The backup is from PostgreSQL {theirs}; this server is {ours}, which is older.").format(
                        theirs=contents.server // 10000, ours=connection.info.server_version // 10000
                    )
                )
            used = _schemas(connection)
        if used and not replace:
            raise BackupError(
                _(
                    "The database is not empty. To delete what it holds and put the backup in its place, say so: --replace"
                )
            )
        _restore_database(addresses, address, Path(folder), used)
    with psycopg.connect(addresses.owner) as connection:
        searching.hand_over(connection)  # a dump without owners gives everything to ours
    if secret is not None:
        _put_back(home / SECRET, secret)
    if store is not None and not contents.files:
        _restore_files(source, store)
    return contents


def _restore_files(source: Path, store: Store) -> None:
    """Put the files back whose names are keys; whatever else lies in the archive is left there."""
    with tarfile.open(source) as tar:
        for entry in tar:
            key = entry.name.removeprefix(FILES)
            if entry.isfile() and entry.name.startswith(FILES) and KEY.fullmatch(key):
                content = tar.extractfile(entry)
                assert content is not None
                store.put(key, iter(partial(content.read, 1 << 18), b""))


def _restore_database(addresses: Addresses, address: str, folder: Path, used: list[str]) -> None:
    """One script in one transaction: dropping the old and loading the new succeed or fail together."""
    script = folder / "restore.sql"
    options = ["--no-owner", "--role", _user(addresses.owner)] if addresses.superuser else ["--no-owner"]
    _run("pg_restore", *options, "--exit-on-error", "--file", script, folder / DUMP)
    drops = "".join(f"DROP SCHEMA {_quoted(name)} CASCADE;\n" for name in used)
    first = folder / "first.sql"
    first.write_text(f"SET client_min_messages = warning;\n{drops}", "utf-8")
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--no-password", "--set=ON_ERROR_STOP=1",
         "--dbname", address, "--file", first, "--file", script)  # fmt: skip


def _passing(addresses: Addresses) -> str:
    """An address whose role sees the rows of all companies: row security holds for the owner too."""
    for address in filter(None, (addresses.superuser, addresses.owner)):
        with psycopg.connect(address) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row is not None
            if row[0] and may_set_config(connection, row[1]):
                return address
    raise BackupError(
        _(
            "The role of DOUGONG_DATABASE_URL sees no company's rows, as it should be, and so cannot make a backup. Run this"
            " command with DOUGONG_DATABASE_URL naming a superuser, or back up with the means of your database server."
        )
    )


def _schemas(connection: psycopg.Connection) -> list[str]:
    query = "SELECT nspname FROM pg_namespace WHERE nspname <> 'public' AND nspname !~ '^pg_|^information_schema$'"
    return [str(name) for (name,) in connection.execute(query).fetchall()]


def _unpack(source: Path, folder: Path) -> tuple[Contents, bytes | None]:
    """Only the three names that a backup has are read, each as a plain file."""
    try:
        with tarfile.open(source) as tar:
            manifest = json.loads(_get(tar, MANIFEST))
            contents = Contents(**manifest)
            names = tar.getnames()
            secret = _get(tar, SECRET) if SECRET in names else None
            dump = tar.extractfile(DUMP)
            assert dump is not None
            with (folder / DUMP).open("wb") as file:
                while chunk := dump.read(1 << 20):
                    file.write(chunk)
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError, AssertionError) as error:
        raise BackupError(_("{file} is not a backup of Dougong ({error}).").format(file=source, error=error)) from error
    if contents.format > FORMAT:
        raise BackupError(
            _("The backup was made by a newer Dougong ({version}). Update this one first.").format(
                version=contents.dougong
            )
        )
    return contents, secret


def _get(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _put_back(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    kept(file, content.decode)


def _user(address: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(address)["user"])


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string()


def _run(program: str, *arguments: str | Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's programs, arguments of ours, no shell
        [binary(program), *arguments], capture_output=True, text=True, check=False, umask=0o077, env=environment
    )
    if done.returncode:
        raise BackupError(_("{program} failed: {words}").format(program=program, words=done.stderr.strip()))


__all__ = ["BackupError", "Contents", "backup", "restore"]
