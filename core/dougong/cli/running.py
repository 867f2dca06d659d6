"""Commands that run something: the demo, the server, the worker, the migrations."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..words import translator
from .base import Command, F, Failed, as_json, option, show, table, warn
from .place import Place, configured

if TYPE_CHECKING:
    from ..config import Config
    from ..plugins.manifest import Failure
    from .seeding import Seeded

_ = translator("dougong")

FARTHEST = 366  # days that the demo may live ahead
BACKLOG = 128  # connections that wait while the server starts


def port_option(command: F) -> F:
    """Gives a command ``--port``."""
    words = _("TCP port to listen on (else DOUGONG_PORT, else 8000).")
    return option("--port", "-p", type=click.IntRange(0, 65535), words=words)(command)


@contextmanager
def stopped_by_hand() -> Iterator[None]:
    """Ctrl+C and SIGTERM are how these commands end: after an orderly stop neither is a failure."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)  # the server raises it again when it has ended; then it comes here
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def listen(config: Config) -> socket.socket:
    """The server's socket, opened first: who asks from now on waits until the server answers.

    :raises Failed: the port is in use, or may not be opened.
    """
    opened = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((config.host, config.port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise Failed(
            _(
                "Port {port} of {host} cannot be opened: {error}. Choose another with --port, or with PORT= for make."
            ).format(port=config.port, host=config.host, error=error.strerror)
        ) from error
    return opened


# ---- demo ----


@click.command(
    "demo",
    cls=Command,
    words=_(
        "Set up two demo companies and serve them.\n\nA second start keeps what is there. The people of the demo share a "
        "published password, which “dougong serve” refuses."
    ),
)
@option("--fresh", is_flag=True, words=_("Begin anew: everything in the database is deleted first."))
@option("--prepare", is_flag=True, words=_("Set up only; do not serve."))
@option("--tenants", type=click.Path(path_type=Path), words=_("Folder with the companies' files (*.toml)."))
@option(
    "--ahead",
    type=click.IntRange(0, FARTHEST),
    default=0,
    words=_(
        "Live so many days ahead, up to 366: all that is due on the way is done first. A demo that has lived ahead goes on there."
    ),
)
@port_option
@as_json
def demo(fresh: bool, prepare: bool, tenants: Path | None, ahead: int, port: int | None, as_json: bool) -> None:
    from ..app import build, configure_logging, parts, server
    from ..migrations.runner import migrate
    from ..tenancy.install import release
    from .ahead import go_ahead
    from .seeding import files, seed, seeded

    config = configured(port=port)
    paths = files(tenants)
    with ExitStack() as left:
        opened = None if prepare else left.enter_context(listen(config))
        if fresh:
            _erase(config, paths)
        of = parts(config)
        if opened:
            left.callback(release, config)
        left.callback(of.cell.engine.dispose)
        configure_logging(logging.WARNING)
        migrate(of.addresses.owner, of.registry)
        seed(of, paths)
        passed = go_ahead(of, ahead)
        companies = seeded(of)
        address_of = _addresses(opened.getsockname()[1] if opened else config.port)
        show(_as_data(companies, address_of), _as_table(companies, address_of), as_json)
        _say_failures(of.registry.failures)
        if passed:
            warn(passed.words)
        if opened is None:
            return
        warn(_("Running at {address} — stop with Ctrl+C.").format(address=address_of("localhost")))
        made = build(of, demo=True, landing=lambda: [one.demo() for one in companies], worker=True)
        with stopped_by_hand():
            server(made, config).run(sockets=[opened])


def _erase(config: Config, paths: Sequence[Path]) -> None:
    """:raises Failed: companies that are not the demo's would be deleted, on a server of one's own."""
    from ..app import parts
    from ..tenancy.install import erase
    from .seeding import foreign

    if not config.embedded:
        of = parts(config)
        try:
            others = foreign(of, paths)
        finally:
            of.cell.engine.dispose()
        if others:
            raise Failed(
                _(
                    "The database holds companies that are not the demo's: {names}. Beginning anew would delete them: "
                    "use another database."
                ).format(names=", ".join(others))
            )
    erase(config)


def _addresses(port: int) -> Any:
    return lambda host: f"http://{host}:{port}"


def _as_table(companies: Sequence[Seeded], address_of: Any) -> list[str]:
    rows: list[list[str]] = []
    doors: list[str] = []
    for company in companies:
        shown = company.shown()
        for number, person in enumerate(shown):
            first = [company.name, address_of(company.host)] if number == 0 else ["", ""]
            rows.append([*first, person.username, person.role, person.sites, person.password])
        if more := len(company.people) - len(shown):
            rows.append(["", "", str(_("and {n} more people").format(n=more)), "", "", ""])
        doors += [f"{company.name}: {label}  {address_of(company.host)}{path}" for label, path in company.doors]
    head = (_("Company"), _("Address"), _("Person"), _("Role"), _("Sites"), _("Password"))
    return [*table([str(each) for each in head], rows), *doors]


def _as_data(companies: Sequence[Seeded], address_of: Any) -> list[dict[str, Any]]:
    return [
        {
            "company": company.name,
            "slug": company.snapshot.slug,
            "address": address_of(company.host),
            "username": person.username,
            "name": person.name,
            "role": person.role,
            "sites": person.sites,
            "password": person.password,
        }
        for company in companies
        for person in (company.person(*one) for one in company.people)
    ]


def _say_failures(failures: Sequence[Failure]) -> None:
    for failure in failures:
        warn(f"{failure.problem} {failure.mend}")


# ---- serve, worker, migrate ----


@click.command("serve", cls=Command, words=_("Serve the installation, with a worker inside, until Ctrl+C or SIGTERM."))
@option("--host", words=_("Address to listen on (else DOUGONG_HOST, else 127.0.0.1)."))
@port_option
@as_json
def serve(host: str | None, port: int | None, as_json: bool) -> None:
    from ..app import serve as run
    from ..tenancy.install import release

    config = configured(host=host, port=port)
    listen(config).close()
    with Place(config=config) as place:
        place.must_be_there()
    address = f"http://{config.host}:{config.port}"
    show({"address": address}, _("Serving at {address} — stop with Ctrl+C.").format(address=address), as_json)
    try:
        with stopped_by_hand():
            run(config)
    finally:
        release(config)


@click.command("worker", cls=Command, words=_("Work off background jobs, until Ctrl+C or SIGTERM."))
@option("--queue", "-q", "queues", multiple=True, words=_("Only this queue; may be given several times."))
@option("--slots", type=click.IntRange(1, 64), default=4, words=_("Jobs at the same time; 4 unless given."))
@option(
    "--memory",
    type=click.IntRange(min=256),
    words=_("Megabytes that this process may hold: a job that wants more fails, the others go on."),
)
@option(
    "--longest",
    type=click.IntRange(min=1),
    default=3600,
    words=_("Seconds that no job may exceed, whatever its module says."),
)
@as_json
def worker(queues: tuple[str, ...], slots: int, memory: int | None, longest: int, as_json: bool) -> None:
    from ..app import configure_logging, opener, parts
    from ..migrations.runner import settle
    from ..scheduling.memory import hold_to
    from ..scheduling.process import run_worker
    from ..scheduling.worker import Pace, Sick
    from ..tenancy.install import release

    with Place() as place:
        of = parts(place.config, registry=place.registry, where=place.addresses)
    if settle(of.addresses.app, of.registry):
        raise Failed(_("The database is older than the program. Run “dougong migrate” first."))
    show({"queues": list(queues) or None}, _("Working off jobs — stop with Ctrl+C."), as_json)
    configure_logging()
    if memory is not None:
        hold_to(memory)
    pace = Pace(concurrency=slots, ceiling=longest)
    try:
        with stopped_by_hand():
            run_worker(of.jobs, of.addresses.app, opener(of), queues=queues or None, pace=pace)
    except Sick as error:
        raise Failed(_("Threads of jobs hang and cannot be cut: this worker ends, start it anew.")) from error
    finally:
        of.cell.engine.dispose()
        release(of.config)


@click.command(
    "migrate", cls=Command, words=_("Set up the database, or bring it to the shape that core and plugins declare.")
)
@as_json
def migrate(as_json: bool) -> None:
    from ..migrations.runner import migrate as run

    with Place(fresh=True) as place:
        report = run(place.addresses.owner, place.registry)
        failures = place.registry.failures
    data = {
        "applied": report.applied,
        "holidays": report.holidays,
        "failures": [{"name": f.name, "problem": str(f.problem), "mend": str(f.mend)} for f in failures],
    }
    applied = [f"{name}: {', '.join(revisions)}" for name, revisions in report.applied.items()]
    if report.holidays:
        applied.append(str(_("The public holidays changed: the worker computes due times anew.")))
    show(data, applied or _("The database is up to date."), as_json)
    if failures:
        _say_failures(failures)
        click.get_current_context().exit(1)


COMMANDS = (demo, serve, worker, migrate)
