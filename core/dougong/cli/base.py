"""What every command is made of: translated help, ``--json``, tables that align Chinese, and errors in one sentence."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from ..words import Lazy, translator

_ = translator("dougong")
F = TypeVar("F", bound=Callable[..., Any])


class Failed(Exception):
    """A command cannot do what was asked; the words say why and how to mend it."""

    def __init__(self, words: Lazy | str) -> None:
        super().__init__(str(words))


class Wrong(click.UsageError):
    """Wrong usage that click cannot see: options that exclude or need each other."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(str(words))


class Command(click.Command):
    """A command whose help is translated when it is shown: the language is known only then."""

    def __init__(self, *arguments: Any, words: Lazy | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.words = words

    def get_short_help_str(self, limit: int = 45) -> str:
        return str(self.words or "").partition("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{_('Usage:')} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = str(self.words or "")
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [(row[0], str(_("Show this."))) if row[0] == "--help" else row for row in found if row]
        with formatter.section(str(_("Options"))):
            formatter.write_dl(rows)


class Group(Command, click.Group):
    """Commands under one name."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(str(_("Commands"))):
            found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
            formatter.write_dl([(name, one.get_short_help_str()) for name, one in found if one])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class Option(click.Option):
    def __init__(self, *arguments: Any, words: Lazy | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = str(self.words or "")
        return super().get_help_record(ctx)


def option(*names: str, words: Lazy, **more: Any) -> Callable[[F], F]:
    """An option with translated help."""
    return click.option(*names, cls=Option, words=words, **more)


def as_json(command: F) -> F:
    """Gives a command ``--json``, as the argument ``as_json``."""
    return option("--json", "as_json", is_flag=True, words=_("Print JSON, for scripts."))(command)


def of_tenant(command: F) -> F:
    """Gives a command ``--tenant``."""
    return option("--tenant", "-t", required=True, metavar="SLUG", words=_("The company, by its short name."))(command)


def of_user(command: F) -> F:
    """Gives a command ``--user``."""
    return option("--user", "-u", required=True, metavar="NAME", words=_("The person, by user name."))(command)


# ---- output ----

STATES = {
    "active": _("active"),
    "suspended": _("suspended"),
    "invited": _("invited"),
    "disabled": _("disabled"),
}


def show(data: Any, text: Lazy | str | Iterable[Lazy | str], as_json: bool) -> None:
    """One answer: the data as JSON, or the text as it is."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    elif isinstance(text, Lazy | str):
        click.echo(str(text))
    else:
        for line in text:
            click.echo(str(line))


def show_rows(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, Lazy]],
    as_json: bool,
    *,
    none: Lazy,
) -> None:
    """A list: an array of objects, or a table of the given columns; ``none`` is said where there is nothing."""
    if as_json:
        show(list(rows), "", True)
    elif not rows:
        click.echo(str(none))
    else:
        cells = [[_cell(row.get(key), key) for key, _label in columns] for row in rows]
        for line in table([str(label) for _key, label in columns], cells):
            click.echo(line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned lines, with a rule under the head."""
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [_line(head, widths), "  ".join("─" * each for each in widths)]
    return lines + [_line(row, widths) for row in rows]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (wide - width(text)) for text, wide in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def _cell(value: Any, key: str = "") -> str:
    if value is None:
        return ""
    if key == "status":
        return str(STATES.get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return str(value)


def warn(text: Lazy | str) -> None:
    """A word on standard error, so that the output stays clean."""
    click.echo(str(text), err=True)


def secret_line() -> str:
    """A password: asked twice and hidden at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        prompt, again = str(_("New password")), str(_("Once more"))
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=again))
    return sys.stdin.readline().rstrip("\r\n")
