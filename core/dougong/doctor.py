"""``dougong doctor``: what is wrong with this installation, in words, each with what mends it. Changes nothing."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg

from .config import Config
from .errors import Unavailable
from .migrations import author, runner
from .plugins.checkup import Checkup, Finding
from .plugins.registry import Registry
from .tenancy.audit import audit
from .tenancy.files import store_of
from .tenancy.install import LEAST_VERSION, SET_CONFIG_MEND, Addresses, may_set_config
from .tenancy.searching import handed_over
from .tenancy.stored import APP_ROLE
from .words import translator

_ = translator("dougong")


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
    return [*found, *_database(where), *_migrations(where, registry), *_barriers(where)]


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


__all__ = ["Finding", "examine"]
