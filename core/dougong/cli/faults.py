"""Errors as a person at a terminal reads them: one plain sentence and how to mend it, no traceback.

Owns which exceptions are foreseeable. Anything else is a fault of ours and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from ..words import Lazy, translator
from .base import Failed

if TYPE_CHECKING:
    from ..errors import Problem

_ = translator("dougong")

NO_TABLES = ("42P01", "42703", "3F000")  # undefined table, column, schema


def usage(error: click.UsageError) -> str:
    """Wrong usage in the current language, with where to read more."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.message
    if isinstance(error, click.MissingParameter):
        said: Lazy | str = _("Missing: {what}").format(what=_named(error.param, error))
    elif isinstance(error, click.NoSuchOption):
        said = _("There is no option {what}.").format(what=error.option_name)
    elif isinstance(error, click.BadParameter):
        said = _("{what} does not fit: {why}").format(what=_named(error.param, error), why=error.message)
    elif isinstance(error, click.BadOptionUsage):
        said = _("The option {what} needs a value.").format(what=error.option_name)
    elif isinstance(error, getattr(click, "NoSuchCommand", ())):
        said = _("There is no command {what}.").format(what=getattr(error, "command_name", error.message))
    else:
        said = error.message
    path = error.ctx.command_path if error.ctx else "dougong"
    return f"{said}\n{_('Read more: {command}').format(command=f'{path} --help')}"


def _named(param: click.Parameter | None, error: click.UsageError) -> str:
    if param is None:
        return str(error.ctx.command_path if error.ctx else "")
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name.upper()


def words_for(error: BaseException) -> str | None:
    """What to say of an exception; None where it is none that could be foreseen."""
    if isinstance(error, Failed):
        return str(error)
    return "\n".join(_known(error)) or None


def _known(error: BaseException) -> Iterator[str]:
    import psycopg
    import sqlalchemy as sa

    from ..app import Refused
    from ..errors import Problem
    from ..migrations.runner import Unfit
    from ..tenancy.backup import BackupError
    from ..tenancy.cells import Lost
    from ..tenancy.embedded import ServerError
    from ..tenancy.install import InstallError

    if isinstance(error, Lost) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, sa.exc.DBAPIError) and isinstance(error.orig, Exception):
        error = error.orig
    if isinstance(error, Problem):
        yield from _problem(error)
    elif isinstance(error, Unfit | Refused):
        yield str(error.words)
    elif isinstance(error, InstallError | ServerError | BackupError):
        yield str(error)
    elif isinstance(error, psycopg.Error) and error.sqlstate in NO_TABLES:
        yield str(_("The database lacks tables that this program needs. Run “dougong migrate” first."))
    elif isinstance(error, psycopg.OperationalError | psycopg.errors.InsufficientPrivilege):
        yield str(
            _("The database does not answer as it should: {error}. “dougong doctor” looks for the reason.").format(
                error=str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            )
        )
    elif isinstance(error, OSError):
        yield f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def _problem(error: Problem) -> Iterator[str]:
    """Detail and inputs of a refusal; its title where it says nothing more."""
    if str(error.detail):
        yield str(error.detail)
    yield from lines((each.path, each.message) for each in error.errors)
    if not str(error.detail) and not error.errors:
        yield str(error.title)


def lines(found: Iterator[tuple[str, Lazy | str]] | Sequence[tuple[str, Lazy | str]]) -> list[str]:
    """``path: what is wrong with it``, one a line."""
    return [f"{path}: {message}" for path, message in found]
