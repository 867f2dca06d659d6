"""Commands about background work: ``dougong jobs …``. Without ``--tenant`` of all companies, by ids and states only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from ..words import Lazy, translator
from .base import F, Failed, Group, Wrong, as_json, option, show, show_rows, table
from .place import Place

if TYPE_CHECKING:
    from ..scheduling.watching import Seen

_ = translator("dougong")

jobs = Group("jobs", words=_("Background work: what waits, runs and failed."))

STATES = {"waiting": _("waiting"), "running": _("running"), "failed": _("failed")}
NUMBER = click.IntRange(1, 2**63 - 1)


def of_any(command: F) -> F:
    """Gives a command an optional ``--tenant``."""
    return option("--tenant", "-t", metavar="SLUG", words=_("Only this company, by its short name."))(command)


def of_job(command: F) -> F:
    """Gives a command ``--job`` and ``--module``."""
    one = option("--job", metavar="MODULE.VERB", words=_("Only jobs of this name."))
    all_of = option("--module", metavar="MODULE", words=_("Only jobs of this module."))
    return one(all_of(command))


def named(job: str | None, module: str | None) -> str | None:
    """:raises Wrong: both are given, or something that cannot be one of them."""
    if job and module:
        raise Wrong(_("Give --job or --module, not both."))
    if job and "." not in job:
        raise Wrong(_("A job is named MODULE.VERB, as in notify.deliver; for all of a module use --module."))
    return job or module


@jobs.command(
    "list",
    words=_("Jobs that wait, run or failed, the newest first, and how many each company has."),
)
@option("--state", type=click.Choice(list(STATES)), words=_("Only these."))
@of_any
@of_job
@option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, words=_("At most so many jobs."))
@as_json
def list_jobs(
    state: Any, tenant: str | None, job: str | None, module: str | None, most: int, as_json: bool
) -> None:
    from ..scheduling import watching

    wanted = named(job, module)
    with Place() as place:
        company = place.tenant(tenant) if tenant else None
        slugs = companies(place)
        with place.owner.platform() as connection:
            found = watching.all_jobs(connection, company, state=state, named=wanted, most=most)
            counts = watching.all_counted(connection, company)
    rows = [row(one, slugs) for one in found]
    totals = [{"company": slugs.get(id, str(id)), **numbers} for id, numbers in counts.items()]
    totals.sort(key=lambda one: (-int(one["failed"]), -int(one["waiting"]), one["company"]))
    if as_json:
        show({"jobs": rows, "companies": totals}, "", True)
        return
    columns = (
        ("id", _("Number")), ("company", _("Company")), ("job", _("Job")), ("state", _("State")), ("attempts", _("Tries")),
        ("tried_at", _("Last try")), ("due_at", _("Next try")), ("why", _("Why")),
    )  # fmt: skip
    shown = [{**one, "state": str(STATES[one["state"]])} for one in rows]
    show_rows(shown, columns, False, none=_("There is no such job."))
    if totals:
        click.echo("")
        head = [str(label) for label in (_("Company"), *STATES.values())]
        for line in table(head, [[str(one[name]) for name in ("company", *STATES)] for one in totals]):
            click.echo(line)


@jobs.command("show", words=_("One job: its tries, why each failed, and when it is tried again."))
@click.argument("number", type=NUMBER)
@as_json
def show_job(number: int, as_json: bool) -> None:
    from ..scheduling import watching
    from ..scheduling.reasons import why

    with Place() as place:
        slugs = companies(place)
        with place.owner.platform() as connection:
            one = _one(watching.all_jobs(connection, number=number, most=1), number)
            failed = watching.all_failures(connection, number)
        declared = place.registry.jobs.get(one.job)
    tries = [
        {"at": stamp(f.at), "attempt": f.attempt, "kind": f.kind, "place": f.place, "why": str(why(f.kind, f.words))}
        for f in failed
    ]
    left = max(declared.retries - one.attempts, 0) if declared and one.state != "failed" else 0
    data = {**row(one, slugs), "queue": one.queue, "tries_left": left, "failures": tries}
    text: list[Lazy | str] = [
        f"{one.id}  {one.job}  {STATES[one.state]}  {data['company']}",
        *([_("Made: {when}").format(when=data["made_at"])] if data["made_at"] else []),
        *([_("How far: {done} of {total} {note}").format(done=one.done, total=one.total, note=one.note)] if one.total else []),
        *(f"{t['attempt']}. {t['at']}  {t['kind']}  {t['place'] or ''}\n   {t['why']}" for t in tries),
        _next_try(one, left),
    ]
    show(data, text, as_json)


def _next_try(one: Seen, left: int) -> Lazy:
    if one.state == "failed":
        return _("It is not tried again by itself: dougong jobs retry {n}, or dougong jobs drop {n}").format(n=one.id)
    if one.state == "running":
        return _("It is running now.")
    if one.due_at is None:
        return _("It runs as soon as a worker is free; tries left after that: {n}.").format(n=left)
    return _("It is tried at {when}; tries left after that: {n}.").format(when=stamp(one.due_at), n=left)


@jobs.command(
    "retry",
    words=_("Try failed jobs again from the beginning: one by its number, or all of a company, job or module."),
)
@click.argument("number", type=NUMBER, required=False)
@of_any
@of_job
@as_json
def retry(number: int | None, tenant: str | None, job: str | None, module: str | None, as_json: bool) -> None:
    from ..scheduling import watching

    n = _each(number, tenant, job, module, watching.all_retry)
    if number and not n:
        raise Failed(_("Job {n} has not failed and does not wait for another try.").format(n=number))
    show({"retried": n}, _("Tried again: {n}.").format(n=n), as_json)


@jobs.command(
    "drop",
    words=_(
        "Forget failed jobs: one by its number, or all of a company, job or module.\n\nWhat they were to do is not done. A job "
        "that waits is dropped too when its number is given."
    ),
)
@click.argument("number", type=NUMBER, required=False)
@of_any
@of_job
@as_json
def drop(number: int | None, tenant: str | None, job: str | None, module: str | None, as_json: bool) -> None:
    from ..scheduling import watching

    n = _each(number, tenant, job, module, watching.all_drop)
    if number and not n:
        raise Failed(
            _(
                "Job {n} cannot be dropped: it is running, or deadlines and schedules live on by it (core.due). "
                "Mend the cause, then: dougong jobs retry {n}"
            ).format(n=number)
        )
    show({"dropped": n}, _("Dropped: {n}.").format(n=n), as_json)


def _each(
    number: int | None, tenant: str | None, job: str | None, module: str | None, act: Callable[..., int]
) -> int:
    """Do it to one job, or to all that are named. :raises Wrong: nothing says which. :raises Failed: there is no such job."""
    from ..scheduling import watching

    wanted = named(job, module)
    if number is None and not (tenant or wanted):
        raise Wrong(_("Say which: a number, --tenant, --job or --module."))
    with Place() as place:
        company = place.tenant(tenant) if tenant else None
        with place.owner.platform() as connection:
            if number is not None:
                _one(watching.all_jobs(connection, company, number=number, most=1), number)
            return act(connection, company, number, wanted)


@jobs.command(
    "next",
    words=_(
        "What will run by itself in the next days.\n\nOf one company in words, with its schedules and deadlines; of all "
        "companies by what is noted as due next."
    ),
)
@option("--days", type=click.IntRange(1, 366), default=7, show_default=True, words=_("How far ahead."))
@of_any
@as_json
def upcoming(days: int, tenant: str | None, as_json: bool) -> None:
    with Place() as place:
        rows = _in_words(place, tenant, days) if tenant else _noted(place, days)
    columns: Sequence[tuple[str, Lazy]] = (
        ("at", _("When")), ("what", _("What")), ("label", _("Name")), ("site", _("Site")), ("note", _("Note")),
    )  # fmt: skip
    if not tenant:
        columns = (("at", _("When")), ("company", _("Company")), ("kind", _("Kind")), ("id", _("Id")))
    show_rows(rows, columns, as_json, none=_("Nothing is due in that time."))


def _in_words(place: Place, tenant: str, days: int) -> list[dict[str, Any]]:
    from ..timing.upcoming import upcoming as found

    with place.units(tenant, "core")() as x:
        tree = x.snapshot.sites
        return [
            {
                "at": stamp(one.at), "what": str(one.what), "label": str(one.label),
                "site": tree.node(one.site).name if one.site and tree.get(one.site) else None,
                "note": str(one.note) or None, "skipped": one.skipped, "kind": one.kind, "id": str(one.id),
            }
            for one in found(x, days=days)
        ]  # fmt: skip


def _noted(place: Place, days: int) -> list[dict[str, Any]]:
    import sqlalchemy as sa

    from ..instant import now
    from ..tenancy.tables import due, tenants

    until = now() + dt.timedelta(days=days)
    with place.owner.platform() as connection:
        query = sa.select(due.c.due_at, tenants.c.slug, due.c.kind, due.c.id).join(tenants, tenants.c.id == due.c.tenant_id)
        found = connection.execute(query.where(due.c.due_at <= until).order_by(due.c.due_at, due.c.id).limit(1000))
        return [{"at": stamp(at), "company": slug, "kind": kind, "id": str(id)} for at, slug, kind, id in found]


# ---- shared ----


def companies(place: Place) -> dict[UUID, str]:
    """Short names of all companies by id."""
    import sqlalchemy as sa

    from ..tenancy.tables import tenants

    with place.owner.platform() as connection:
        rows = connection.execute(sa.select(tenants.c.id, tenants.c.slug).order_by(tenants.c.slug))
        return {row.id: row.slug for row in rows}


def stamp(at: dt.datetime | None) -> str | None:
    """A moment as these commands write it: UTC, to the second."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def row(one: Seen, slugs: dict[UUID, str]) -> dict[str, Any]:
    """A job as data."""
    from ..scheduling.reasons import why

    return {
        "id": one.id, "company": slugs.get(one.tenant, str(one.tenant)), "job": one.job, "state": one.state,
        "attempts": one.attempts, "made_at": stamp(one.made_at), "tried_at": stamp(one.tried_at), "due_at": stamp(one.due_at),
        "why": str(why(one.kind, one.words)) or None, "done": one.done, "total": one.total, "note": one.note,
    }  # fmt: skip


def _one(found: list[Seen], number: int) -> Seen:
    if not found:
        raise Failed(_("There is no job {n}: it is done, was dropped, or never was. See: dougong jobs list").format(n=number))
    return found[0]


COMMANDS = (jobs,)
