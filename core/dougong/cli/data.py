"""Commands about the database: ``dougong db``, ``backup``, ``restore``, ``doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..words import Lazy, translator
from .base import Command, Failed, Group, as_json, option, show, warn
from .place import Place, configured

if TYPE_CHECKING:
    from ..doctor import Finding

_ = translator("dougong")

db = Group("db", words=_("The database."))


@db.command("url", words=_("The connection address as a libpq URI, for psql and other tools."))
@option(
    "--role",
    type=click.Choice(["owner", "app", "operator"]),
    default="owner",
    show_default=True,
    words=_("As which database role."),
)
@as_json
def url(role: str, as_json: bool) -> None:
    with Place() as place:
        address = str(getattr(place.addresses, role))
    show({"url": address, "role": role}, address, as_json)


@db.command("stop", words=_("Stop the embedded PostgreSQL; the next command that needs it starts it again."))
@as_json
def stop(as_json: bool) -> None:
    from ..tenancy.embedded import Server

    config = configured()
    if not config.embedded:
        raise Failed(_("This installation uses a PostgreSQL of your own; stop that one by its own means."))
    Server(config.home).stop()
    show({"stopped": True}, _("PostgreSQL is stopped."), as_json)


search = Group("search", words=_("What searching reads."))


@search.command("rebuild", words=_("Write what searching reads anew, from the records of one company or of all."))
@option("--tenant", words=_("Only this company, by its slug."))
@as_json
def rebuild(tenant: str | None, as_json: bool) -> None:
    from ..records.search_fill import fill

    with Place() as place:
        place.must_be_there()
        done = fill(place.addresses.owner, place.registry, only=tenant)
    if tenant and not done:
        raise Failed(_("There is no company {slug}.").format(slug=tenant))
    said = _("Records written anew: {n}.").format(n=sum(done.values()))
    show({"records": done}, said, as_json)


@click.command(
    "backup", cls=Command, words=_("Write the whole installation into one file, while people go on working.")
)
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def backup(file: Path, as_json: bool) -> None:
    from ..tenancy.backup import backup as run
    from ..tenancy.files import store_of

    with Place() as place:
        made = run(place.addresses, file, place.config.home, store_of(place.config))
    said = _("Written: {file}. It holds personal data and secrets: keep it safe.").format(file=file)
    if made.files:
        warn(
            _("The files of records in {place} are not in it: back up the bucket by its own means.").format(
                place=made.files
            )
        )
    show({"file": str(file), **made.__dict__}, said, as_json)


@click.command(
    "restore",
    cls=Command,
    words=_("Bring the whole installation back from a backup. Stop “serve” and “worker” first."),
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--replace", is_flag=True, words=_("Delete what the database holds now."))
@as_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    from ..tenancy.backup import restore as run
    from ..tenancy.files import store_of

    if not file.is_file():
        raise Failed(_("There is no file {file}.").format(file=file))
    with Place(fresh=True) as place:
        made = run(place.addresses, file, place.config.home, replace=replace, store=store_of(place.config))
    if made.files:
        warn(_("The files of records lay in {place} and were not in the backup.").format(place=made.files))
    said = _("Restored what was backed up at {time}. If this Dougong is newer, run “dougong migrate” now.")
    show({"file": str(file), **made.__dict__}, said.format(time=made.made_at), as_json)


@click.command("doctor", cls=Command, words=_("Look for what is wrong, and say what mends it. Changes nothing."))
@as_json
def doctor(as_json: bool) -> None:
    from ..doctor import examine

    with Place(config=configured()) as place:
        found = examine(place.config, place.addresses, place.registry)
    data = [{"level": each.level, "text": str(each.text), "mend": str(each.mend)} for each in found]
    text: list[Lazy | str] = [_line(each) for each in found]
    show(data, text or _("All is well."), as_json)
    if any(each.level == "bad" for each in found):
        click.get_current_context().exit(1)


def _line(finding: Finding) -> str:
    mark = "✗" if finding.level == "bad" else "!"
    return f"{mark} {finding.text}\n  → {finding.mend}"


COMMANDS = (db, backup, restore, doctor, search)
