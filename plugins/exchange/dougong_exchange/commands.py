"""``dougong import`` and ``dougong export``: the same code as the pages, worked off in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from dougong import Command, Context, Failed, Place, Resource, as_json, of_tenant, option, show, translator, warn

from . import exporting, taking_in
from . import mapping as mappings
from .choices import Format, RunState
from .records import Fault, Run
from .working import advance

_ = translator("dougong_exchange")

Opened = Callable[[], Any]
_PERSON = option("--as", "person", metavar="NAME", words=_("As this person (user name); else as the system."))


def resource_of(x: Context[Any], name: str) -> Resource[Any]:
    """A module's one resource, or one named in full (``complaints.complaint``). :raises Failed: none, or several."""
    known = [r for r in x.registry.resources.values() if r.module in x.snapshot.modules]
    found = [r for r in known if name in (r.kind, r.module)]
    if len(found) != 1:
        names = ", ".join(r.kind for r in (found or known))
        raise Failed(_("“{name}” names no one kind of record. There are: {names}").format(name=name, names=names))
    return found[0]


def work_off(opened: Callable[[], Any], run: UUID, rows: int, told: Callable[[str], None]) -> None:
    """Advance a run, transaction by transaction, until nothing is left to do in its state."""
    more, done = True, 0
    while more:
        with opened() as x:
            more = advance(x, run)
            done = x.get(Run, run).done
        told(f"{done}/{rows}")


def import_file(
    opened: Callable[[], Any],
    name: str,
    path: Path,
    *,
    mapping: mappings.Mapping | None = None,
    person: UUID | None = None,
    dry: bool = False,
    told: Callable[[str], None] = lambda _text: None,
) -> dict[str, Any]:
    """Check a file and, unless ``dry``, import it. :param opened: makes a unit of work of the company, as the system.

    :returns: created, updated, skipped, errors, and the first hundred bad cells.
    """
    with opened() as x:
        theirs = x.as_person(person)
        resource = resource_of(theirs, mapping.resource if mapping and "." not in name else name)
        if name not in (resource.kind, resource.module):
            raise Failed(_("The mapping is for {kind}, not for {name}.").format(kind=resource.kind, name=name))
        run = taking_in.take_in(theirs.with_settings(x.settings), resource, path, path.name, mapping=mapping)
        x.session.flush()
        id, rows = run.id, run.rows
        x.take(run, "check")
        run.started_by = person
    work_off(opened, id, rows, told)
    out = report(opened, id)
    if not dry and out["state"] == RunState.CHECKED.value and out["errors"] < rows:
        with opened() as x:
            run = x.get(Run, id)
            x.take(run, "start")
        work_off(opened, id, rows, told)
        out = report(opened, id)
    elif dry or out["state"] == RunState.CHECKED.value:
        with opened() as x:
            x.take(x.get(Run, id), "discard")
    return out


def report(opened: Callable[[], Any], id: UUID) -> dict[str, Any]:
    """What became of a run."""
    with opened() as x:
        run = x.get(Run, id)
        faults = faults_of(x, id, 100)
        return {
            "created": run.created, "updated": run.updated, "skipped": run.skipped, "errors": run.errors,
            "rows": run.rows, "run": run.number, "state": run.status.value, "trouble": run.trouble,
            "faults": [{"row": f.row, "column": f.column, "value": f.value, "reason": f.reason} for f in faults],
        }  # fmt: skip


def faults_of(x: Context[Any], run: UUID, most: int | None = None, after: tuple[int, int] = (-1, -1)) -> list[Fault]:
    """The bad cells of a run, in the order of the file."""
    import sqlalchemy as sa

    found = sa.select(Fault).where(Fault.run_id == run, sa.tuple_(Fault.row, Fault.part) > after)
    found = found.order_by(Fault.row, Fault.part)
    return list(x.session.scalars(found.limit(most) if most else found))


@contextmanager
def _place(tenant: str, person: str | None) -> Iterator[tuple[Opened, UUID | None]]:
    with Place() as place:
        opened = place.units(tenant, "exchange")
        with opened() as x:
            known = {p.username: p.id for p in x.snapshot.people.values()}
        if person is not None and person not in known:
            raise Failed(_("There is nobody with the user name “{name}”.").format(name=person))
        yield opened, known[person] if person else None


@click.command("import", cls=Command, words=_("Import a file (.xlsx, .csv) into a module's records."))
@click.argument("module")
@click.argument("file", type=click.Path(path_type=Path))
@of_tenant
@option(
    "--mapping", type=click.Path(path_type=Path), words=_("A mapping as TOML; else it is proposed by the headings.")
)
@option("--dry-run", "dry", is_flag=True, words=_("Only check; write no records."))
@_PERSON
@as_json
def import_(
    module: str, file: Path, tenant: str, mapping: Path | None, dry: bool, person: str | None, as_json: bool
) -> None:
    for path in filter(None, (file, mapping)):
        if not path.is_file():
            raise Failed(_("There is no file {file}.").format(file=path))
    said = mappings.read(mapping.read_bytes()[: mappings.MOST_BYTES]) if mapping else None
    with _place(tenant, person) as (opened, who):
        out = import_file(opened, module, file, mapping=said, person=who, dry=dry, told=warn)
    words = _("Created {created}, updated {updated}, unchanged {skipped}, with errors {errors}.").format(**out)
    lines: list[Any] = [words, *(f"{f['row']} · {f['column']} · {f['value']}: {f['reason']}" for f in out["faults"])]
    show(out, [*lines, out["trouble"]] if out["trouble"] else lines, as_json)
    if out["trouble"] or (out["errors"] and out["errors"] == out["rows"]):
        click.get_current_context().exit(1)


@click.command("export", cls=Command, words=_("Export a module's records as a person may see them."))
@click.argument("module")
@of_tenant
@_PERSON
@option(
    "--format",
    "kind",
    type=click.Choice(["xlsx", "csv"]),
    default="xlsx",
    show_default=True,
    words=_("What kind of file."),
)
@option("--out", type=click.Path(path_type=Path), words=_("Where to; else <module>.<format> in this folder."))
@option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", words=_("As in the list's address; may be repeated.")
)
@option("--open", "opened_values", is_flag=True, words=_("Open masked values where the person may; it is logged."))
@as_json
def export(
    module: str,
    tenant: str,
    person: str | None,
    kind: str,
    out: Path | None,
    filters: tuple[str, ...],
    opened_values: bool,
    as_json: bool,
) -> None:
    path = out or Path(f"{module}.{kind}")
    pairs = [(name, value) for name, _equals, value in (one.partition("=") for one in filters)]
    with _place(tenant, person) as (opened, who), opened() as x:
        theirs = x.as_person(who)
        resource = resource_of(theirs, module)
        pairs = pairs if any(name == "tab" for name, _value in pairs) else [*pairs, ("tab", "all")]
        names = exporting.columns(theirs, resource, pairs, True)
        rows = exporting.export(
            theirs,
            resource,
            path,
            next(one for one in Format if one.value == kind),
            names,
            pairs,
            opened=opened_values,
        )
    show({"file": str(path), "rows": rows}, _("Written: {file}, {n} rows.").format(file=path, n=rows), as_json)


COMMANDS = (import_, export)
