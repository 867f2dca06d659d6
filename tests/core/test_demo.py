"""The demo: set up once, kept, begun anew; its password opens the demo and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import select
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from dougong.access.tables import Credential
from dougong.cli import ahead as going
from dougong.cli import running as commands
from dougong.cli import seeding
from dougong.cli.base import width
from dougong.cli.company_file import read
from dougong.instant import live_ahead, now, wall
from dougong.plugins import Registry, load
from dougong.records.tables import ClockStep, History, Link
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.tables import due, tenants
from dougong.testing.server import Database, TestServer

from .test_cli import MAIN, environment_of, invoke


@dataclass(frozen=True)
class Demo:
    """A demo that stands. :ivar rows: what was printed when it was set up."""

    place: dict[str, str]
    database: Database
    rows: list[dict[str, str]]


FOLDER = Path(__file__).parents[2] / "tenants"
READY = 60  # seconds that a busy machine may take to start


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of a command that runs in this process must not stay set up."""
    monkeypatch.setattr("dougong.app.configure_logging", lambda *_level: None)


@pytest.fixture
def place(empty_database: Database, tmp_path: Path) -> dict[str, str]:
    return environment_of(empty_database, tmp_path)


@pytest.fixture(scope="module")
def whole(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, set up once for all tests that leave it as it is."""
    with test_server.temporary(bare=True) as database, pytest.MonkeyPatch.context() as patch:
        patch.setattr("dougong.app.configure_logging", lambda *_level: None)
        place = environment_of(database, tmp_path_factory.mktemp("demo"))
        yield Demo(place, database, prepared(place))


def prepared(place: dict[str, str], *more: str, code: int = 0) -> Any:
    result = invoke(place, "demo", "--prepare", "--json", "--tenants", str(FOLDER), *more, code=code)
    return json.loads(result.stdout) if code == 0 else result.stderr


@pytest.fixture
def records_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the plugins' records, where they do not matter."""
    monkeypatch.setattr(seeding, "_records", lambda *_arguments: None)


def ids(database: Database) -> dict[str, Any]:
    cell = Cell(database.app, pool=1)
    try:
        with cell.platform() as connection:
            return {slug: id for slug, id in connection.execute(sa.select(tenants.c.slug, tenants.c.id))}  # noqa: C416
    finally:
        cell.engine.dispose()


def test_two_companies_kept_at_the_second_start(whole: Demo) -> None:
    assert {row["slug"] for row in whole.rows} == {"anhe", "jinxiu"}
    assert {row["password"] for row in whole.rows} == {seeding.PASSWORD}
    assert len({(row["slug"], row["username"]) for row in whole.rows}) == len(whole.rows)
    before = ids(whole.database)
    assert prepared(whole.place) == whole.rows
    assert ids(whole.database) == before


def test_what_the_companies_are(whole: Demo, registry: Registry) -> None:
    anhe = json.loads(invoke(whole.place, "tenant", "show", "anhe", "--json").stdout)
    jinxiu = json.loads(invoke(whole.place, "tenant", "show", "jinxiu", "--json").stdout)
    assert anhe["hosts"] == ["anhe.localhost"]
    assert jinxiu["hosts"] == ["jinxiu.localhost"]
    assert anhe["modules"] == sorted(registry.modules)
    assert sorted(jinxiu["modules"]) == ["complaints", "inspections", "tasks", "workorders"]
    looks = [one["settings"]["core"] for one in (anhe, jinxiu)]
    assert looks[0]["brand"] != looks[1]["brand"]
    assert looks[0]["logo"] != looks[1]["logo"]
    assert [site["name"] for site in anhe["sites"]] == [
        "安禾物业",
        "华东区域",
        "安禾花园",
        "启程产业园",
        "和康医院项目",
    ]
    for one in ("anhe", "jinxiu"):
        file = str(FOLDER / f"{one}.toml")
        assert json.loads(invoke(whole.place, "tenant", "apply", file, "--json").stdout)["changes"] == []


def test_the_files_are_whole() -> None:
    anhe, jinxiu = read(FOLDER / "anhe.toml"), read(FOLDER / "jinxiu.toml")
    sites = {site.slug: site for site in anhe.sites}
    assert sum(place.households or 0 for place in sites["huayuan"].locations) == sites["huayuan"].households == 1680
    assert sum(place.households or 0 for place in sites["qicheng"].locations) == 42
    assert len([place for place in sites["qicheng"].locations if "宿舍" in (place.name or "")]) == 3
    assert len([place for place in sites["hekang"].locations if (place.name or "").endswith("病区")]) == 18
    standard = {role for role in load().roles}  # noqa: C416
    assert {grant.role for person in anhe.people for grant in person.grants} == standard
    for file in (anhe, jinxiu):
        assert all(person.grants and person.name for person in file.people)
        assert {"admin", "kf." + file.sites[-1].slug} <= {person.username for person in file.people}


def test_the_table_is_aligned_and_shows_a_few(whole: Demo) -> None:
    lines = invoke(whole.place, "demo", "--prepare", "--tenants", str(FOLDER)).stdout.splitlines()
    text = "\n".join(lines)
    for word in (
        "安禾物业服务有限公司",
        "http://anhe.localhost:8000",
        "http://jinxiu.localhost:8000",
        "kf.huayuan",
        "pm.qicheng",
    ):
        assert word in text
    assert len(lines) < 24
    assert "more people" in text
    columns = {width(line[: line.index(seeding.PASSWORD)]) for line in lines if seeding.PASSWORD in line}
    assert len(columns) == 1


def test_records_come_from_the_plugins(whole: Demo) -> None:
    cell = Cell(whole.database.app, pool=1)
    for tenant in ids(whole.database).values():
        with cell.session(Bound(tenant)) as session:
            count = session.scalar(sa.select(sa.func.count()).where(History.record_kind == "complaints.complaint"))
            assert count
            assert session.scalar(sa.select(sa.func.count()).where(~Credential.demo)) == 0
    cell.engine.dispose()


def test_one_chain_through_the_rules_of_the_company(whole: Demo) -> None:
    """From a failed fire patrol to the effect of the correction, and from a complaint to what was opened because of it."""
    cell = Cell(whole.database.app, pool=1)
    with cell.session(Bound(ids(whole.database)["anhe"])) as session:
        links = session.scalars(sa.select(Link).where(Link.origin_id.is_not(None))).all()
        effective = sa.text(
            "SELECT c.id FROM quality.nonconformity c JOIN quality.evaluation e ON e.parent_id = c.id"
            " WHERE c.status = 'closed' AND e.effect = 'effective'"
        )
        closed = session.scalars(effective).all()
    cell.engine.dispose()
    below: dict[Any, dict[str, Any]] = {}
    for one in links:
        ends = [(one.from_kind, one.from_id), (one.to_kind, one.to_id)]
        source, target = ends if one.origin_id == one.from_id else ends[::-1]
        below.setdefault(source, {})[target[0]] = target
    (start,) = [one for one in below if one[0] == "inspections.finding" and "quality.nonconformity" in below[one]]
    assert "workorders.order" in below[start]
    nonconformity = below[start]["quality.nonconformity"]
    assert nonconformity[1] in closed
    assert any(
        one[0] == "quality.measure" and "quality.revision" in found
        for one, found in below.items()
        if any(nonconformity[1] == link.origin_id and one[1] in (link.from_id, link.to_id) for link in links)
    )
    opened = {kind for one, found in below.items() if one[0] == "complaints.complaint" for kind in found}
    assert opened == {"workorders.order", "quality.nonconformity"}


def test_begun_anew_it_spares_other_companies_on_ones_own_server(
    place: dict[str, str], empty_database: Database, records_off: None
) -> None:
    prepared(place)
    before = ids(empty_database)
    prepared(place, "--fresh")
    assert not set(ids(empty_database).values()) & set(before.values())
    invoke(place, "tenant", "create", "real", "--name", "Real")
    assert "companies that are not the demo's: real" in prepared(place, "--fresh", code=1)
    assert "real" in ids(empty_database)


def test_a_crash_leaves_no_half_company(
    place: dict[str, str], empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(seeding, "_records", crash)
        prepared(place, code=130)
    assert ids(empty_database) == {}
    monkeypatch.setattr(seeding, "_records", lambda *_arguments: None)
    assert {row["slug"] for row in prepared(place)} == {"anhe", "jinxiu"}


def test_a_week_ahead(
    place: dict[str, str], empty_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is due in the week is done in its order; a later start does not go back."""
    monkeypatch.setattr("dougong.instant._ahead", dt.timedelta())
    folder = tmp_path / "tenants"
    folder.mkdir()
    shutil.copy(FOLDER / "jinxiu.toml", folder)  # the smaller one
    start = ["demo", "--prepare", "--tenants", str(folder)]
    moments: list[dt.datetime] = []

    def stand_at(moment: dt.datetime) -> None:
        moments.append(moment)
        live_ahead(moment - wall())

    monkeypatch.setattr(going, "_stand_at", stand_at)
    before = wall()
    said = invoke(place, *start, "--ahead", "7").stderr
    counted = {what: int(n) for n, what in re.findall(r"(\d+) (\w+)", said)}
    assert "7 days have passed" in said
    assert all(counted[what] for what in ("reminders", "overdue", "escalations")), said
    assert counted["failed"] == counted["missed"] == 0
    assert before <= moments[-1] - dt.timedelta(days=7) <= wall()
    assert moments[-1] <= now()
    cell = Cell(empty_database.app, pool=1)
    for tenant in ids(empty_database).values():
        with cell.session(Bound(tenant)) as session:
            assert not session.scalar(sa.select(sa.func.count()).where(due.c.due_at <= moments[-1]))
            steps = session.scalars(sa.select(ClockStep).order_by(ClockStep.at)).all()
            late = [one.at - one.due_at for one in steps if one.at > steps[-1].at - dt.timedelta(days=5)]
            assert late
            assert max(late) < dt.timedelta(minutes=5)
    cell.engine.dispose()
    monkeypatch.setattr("dougong.instant._ahead", dt.timedelta())
    assert "has lived ahead" in invoke(place, *start).stderr
    assert now() - wall() > dt.timedelta(days=6)
    assert "0<=x<=366" in invoke(place, *start, "--ahead", "367", code=2).stderr


def test_a_plugin_whose_records_fail_does_not_stop_the_demo(
    place: dict[str, str], empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("dougong_complaints.demo.fill", broken)
    assert {row["slug"] for row in prepared(place)} == {"anhe", "jinxiu"}


def test_no_files(place: dict[str, str], tmp_path: Path) -> None:
    said = invoke(place, "demo", "--prepare", "--tenants", str(tmp_path), code=1).stderr
    assert "There are no company files" in said


def test_a_port_in_use(place: dict[str, str]) -> None:
    from dougong.config import Config

    with commands.listen(Config(port=0)) as taken:
        said = invoke(place, "demo", "--port", str(taken.getsockname()[1]), code=1).stderr
    assert "cannot be opened: Address already in use. Choose another with --port" in said


@contextmanager
def started(place: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, **place, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [*MAIN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_serves_and_stops(whole: Demo) -> None:
    with started(whole.place, "demo", "--port", "0", "--tenants", str(FOLDER)) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        address = f"http://127.0.0.1:{_port(process)}"
        with httpx.Client(base_url=address, timeout=READY) as http:
            assert http.get("/healthz").status_code == 200
            assert http.get("/readyz").status_code == 200
            landing = http.get("/", headers={"host": "localhost"}).text
            assert "锦绣物业" in landing
            assert seeding.PASSWORD in landing
            host = {"host": "anhe.localhost"}
            page = http.get("/signin", headers=host).text
            token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
            form = {"csrf": token, "username": "kf.huayuan", "password": seeding.PASSWORD}
            assert http.post("/signin", data=form, headers=host).status_code == 303
        process.send_signal(signal.SIGINT)
        assert process.wait(READY) == 0


def _port(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    while select.select([process.stderr], [], [], READY)[0]:
        line = process.stderr.readline()
        if found := re.search(r"http://localhost:(\d+)", line):
            return found[1]
        assert line, "it ended"
    raise AssertionError("it does not start")


def test_serve_refuses_the_demos_password(whole: Demo) -> None:
    with started(whole.place, "serve", "--port", "0") as process:
        _out, said = process.communicate(timeout=READY)
    assert process.returncode == 1
    assert "anhe, jinxiu" in said
    assert "Traceback" not in said


def test_serve_starts_where_there_is_no_published_password(database: Database, tmp_path: Path) -> None:
    with started(environment_of(database, tmp_path), "serve", "--port", "0", "--json") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "{\n"
        process.send_signal(signal.SIGTERM)
        process.wait(READY)
