"""The root of all commands: language, quiet logging, and how a command ends."""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any

import click
import structlog

from ..plugins.loader import load
from ..words import load_catalogue, locale, translator
from . import access, data, jobs, modules, people, running, schedules, tenants
from .base import Group, warn
from .faults import usage, words_for

_ = translator("dougong")

INTERRUPTED = 130  # as shells have it


class Root(Group):
    """Our own commands, and those that plugins add; plugins are loaded only where one of theirs is asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or added().get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *sorted(added().keys() - self.commands.keys())]

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and end the process with its exit code."""
        speak(os.environ)
        quiet()
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.UsageError as error:
            warn(usage(error))
            sys.exit(2)
        except click.Abort:
            sys.exit(INTERRUPTED)
        except click.ClickException as error:
            warn(error.format_message())
            sys.exit(error.exit_code)
        except Exception as error:  # judged below: what nobody could foresee is raised again
            said = words_for(error)
            if said is None:
                raise
            warn(said)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


@functools.cache
def added() -> dict[str, click.Command]:
    """The commands of all plugins, by name."""
    return {str(one.name): one for several in load().commands.values() for one in several}


def speak(environment: MutableMapping[str, str]) -> None:
    """The language of the terminal: Chinese where the environment says so, else English."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    locale.set("zh" if said.lower().startswith("zh") else "en")
    load_catalogue("dougong")


def quiet() -> None:
    """A command's own words are enough; ``serve`` and ``worker`` turn the log on. Never on standard output."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


root = Root(
    name="dougong",
    words=_("Dougong: a platform for property-management companies."),
    no_args_is_help=True,
)
for each in (
    *running.COMMANDS,
    *tenants.COMMANDS,
    *people.COMMANDS,
    *access.COMMANDS,
    *modules.COMMANDS,
    *data.COMMANDS,
    *jobs.COMMANDS,
    *schedules.COMMANDS,
):
    root.add_command(each)
