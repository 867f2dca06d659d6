"""A person is found everywhere and erased everywhere; what stands against it is said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from dougong.records import history
from dougong.records.tables import History
from dougong.testing.companies import Company
from dougong.testing.server import Database

from .conftest import COMPLAINTS, NAME, PHONE, REQUESTS, ROOM, World

SPOKEN = "138 0000 5678"
JPEG = b"\xff\xd8\xff\xe0"


def scan(database: Database, world: World, *values: str) -> list[str]:
    """Every column of every table of the database, of whatever type, that holds one of the values, in this company."""
    found = []
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"set dougong.tenant = '{world.company.tenant}'")  # row security holds for the owner, too
        columns: dict[str, list[str]] = {}
        for schema, table, column in connection.execute(
            "select c.table_schema, c.table_name, c.column_name from information_schema.columns c"
            " join information_schema.tables t using (table_schema, table_name)"
            " where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')"
        ):
            columns.setdefault(f'"{schema}"."{table}"', []).append(column)
        assert len(columns) > 50
        rule = "like any(%s)"
        wanted = [f"%{value}%" for value in values]
        for table, names in columns.items():
            if not _any(connection, f"select exists (select from {table} row where row::text {rule})", wanted):
                continue
            found += [
                f"{table}.{name}"
                for name in names
                if _any(connection, f'select exists (select from {table} where "{name}"::text {rule})', wanted)
            ]
    return [place.replace('"', "") for place in found]


def _any(connection: psycopg.Connection[Any], query: str, values: list[str]) -> bool:
    row = connection.execute(query, [values]).fetchone()
    return bool(row and row[0])


def everywhere(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A person in two complaints at two sites, with a changed number, a comment, a file and a notice."""
    one = world.complain()
    two = world.complain(site="s1", phone=SPOKEN)
    changed = world.lead.api("PATCH", f"{COMPLAINTS}/{two['id']}", {"room": "9-9-909"}, version=two["row_version"])
    assert changed.status_code == 200, changed.text
    world.done(
        world.lead.api("POST", f"{COMPLAINTS}/{one['id']}/comments", {"text": f"{NAME} 很着急，电话 {PHONE}"}, key="c"),
        201,
    )
    world.close(one)
    world.close(two)
    return one, two


def test_the_scan_sees_what_is_there(world: World, database: Database) -> None:
    everywhere(world)
    places = set(scan(database, world, NAME, PHONE, ROOM))
    assert {
        "complaints.complaint.complainant", "complaints.complaint.phone", "core.history_value.value", "core.comment.text",
    } <= places  # fmt: skip


def test_a_person_is_found_at_every_site_with_the_fields(world: World) -> None:
    one, two = everywhere(world)
    world.company.add_site("old")
    found = world.found(world.request())
    assert {hit["number"]: hit["site"] for hit in found["records"]} == {one["number"]: "n1", two["number"]: "s1"}
    assert {"complainant", "phone"} <= set(found["records"][0]["fields"])
    assert [m["number"] for m in found["mentioned"] if m["where"] == "comments"] == [one["number"]]


def test_after_erasing_the_values_are_nowhere(world: World, database: Database) -> None:
    one, two = everywhere(world)
    request = world.working(statement=f"请删除{NAME}的信息")
    assert world.erase(request) == {"done": True}
    assert {row[1] for row in world.report(request)} == {"已抹除"}
    left = scan(database, world, NAME, PHONE, SPOKEN, ROOM, "9-9-909")
    assert left
    assert {place.partition(".")[0] for place in left} <= {"privacy", "core"}, left
    for step, body in (("reply", {"answer": f"{NAME}：已删除"}), ("close", {"forget": True})):
        world.do(world.officer, REQUESTS, request["id"], step, **body)
    world.run("privacy.forget", request=UUID(request["id"]))
    assert scan(database, world, NAME, PHONE, SPOKEN, ROOM, "9-9-909") == []
    with world.system() as x:
        for kind, id in (
            ("complaints.complaint", one["id"]),
            ("complaints.complaint", two["id"]),
            ("privacy.request", request["id"]),
        ):
            assert history.verify(x.session, kind, UUID(id))
        actions = x.session.scalars(sa.select(History.action).where(History.record_id == UUID(one["id"])))
        assert "erase" in set(actions)


def test_erasing_a_second_time_finds_nothing_more(world: World) -> None:
    everywhere(world)
    request = world.working()
    world.erase(request)
    answer = world.officer.api("POST", f"/privacy/case/{request['id']}/erase", {"sure": True})
    assert answer.status_code == 400


def test_a_hold_and_an_open_case_stand_against_it_and_are_told(world: World) -> None:
    held, running, free = world.complain(), world.complain(), world.complain()
    world.close(held)
    world.close(free)
    path = f"/privacy/hold/complaints.complaint/{held['id']}"
    assert world.done(world.officer.api("POST", path, {"reason": "诉讼 12"}), 200) == {
        "held": True,
        "reason": "诉讼 12",
    }
    request = world.working()
    hits = {hit["number"]: hit for hit in world.found(request)["records"]}
    assert hits[held["number"]]["hold"] == "诉讼 12"
    world.erase(request)
    told = {row[0].split()[-1]: row for row in world.report(request)}
    assert told[free["number"]][2] == ""
    assert "诉讼 12" in told[held["number"]][2]
    assert told[running["number"]][2] == "事项尚在办理。"
    assert {hit["number"] for hit in world.found(request)["records"]} == {held["number"], running["number"]}
    world.done(world.officer.api("POST", f"{path}/release", {"reason": "已结案"}), 200)
    world.company.settings("privacy", open_cases=True)
    world.erase(request)
    assert world.found(request)["records"] == []


def test_only_what_was_chosen_is_erased(world: World) -> None:
    one, two = everywhere(world)
    request = world.working()
    [key] = [hit["id"] for hit in world.found(request)["records"] if hit["number"] == one["number"]]
    world.erase(request, ids=[key])
    assert [hit["number"] for hit in world.found(request)["records"]] == [two["number"]]


def test_nothing_is_handed_over_or_erased_before_the_identity_was_checked(world: World) -> None:
    everywhere(world)
    request = world.request()
    for what in ("export", "erase"):
        assert world.officer.api("POST", f"/privacy/case/{request['id']}/{what}", {"sure": True}).status_code == 409


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "sure"),
        ({"sure": True, "ids": "all"}, "ids"),
        ({"sure": True, "more": 1}, "more"),
        ({"sure": "perhaps"}, "sure"),
    ],
)
def test_a_bad_order_is_refused_in_words(world: World, body: dict[str, Any], path: str) -> None:
    everywhere(world)
    request = world.working()
    answer = world.officer.api("POST", f"/privacy/case/{request['id']}/erase", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path
    assert world.found(request)["records"]


def test_much_is_done_by_a_job_and_a_job_that_runs_twice_does_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dougong_privacy import working

    monkeypatch.setattr(working, "AT_ONCE", 1)
    everywhere(world)
    request = world.working()
    assert world.erase(request) == {"done": False}
    assert world.officer.api("POST", f"/privacy/case/{request['id']}/erase", {"sure": True}).status_code == 409
    id = UUID(request["id"])
    world.run("privacy.carry_out", request=id)
    world.run("privacy.carry_out", request=id)
    shown = world.officer.api("GET", f"{REQUESTS}/{request['id']}/history").json()
    assert [row["action"] for row in shown["results"]].count("erased") == 1
    assert world.found(request)["records"] == []


def test_another_companys_person_is_neither_found_nor_touched(
    world: World, other_company: Company, database: Database
) -> None:
    other = World(world.platform, other_company, world.clock)
    theirs = other.complain()
    other.close(theirs)
    everywhere(world)
    request = world.working()
    assert theirs["number"] not in {hit["id"] for hit in world.found(request)["records"]}
    world.erase(request)
    assert other.found(other.request())["records"][0]["record"] == theirs["id"]
    assert other.officer.api("GET", f"/privacy/case/{request['id']}/found").status_code == 404


def test_imported_files_that_hold_the_person_are_found_and_go(world: World, database: Database, tmp_path: Any) -> None:
    request_body = "channel,complainant_type,complainant,phone,category,location,statement,severity,urgency,site\n"
    row = f"phone,owner,{NAME},{PHONE},water_leak,3号楼,顶棚渗水,minor,normal,n1\n"
    files = {"file": ("people.csv", (request_body + row).encode(), "text/csv")}
    sent = world.manager.ask("POST", "/api/v1/exchange/imports/complaints.complaint", files=files)
    assert sent.status_code == 202, sent.text
    run = UUID(sent.json()["id"])
    world.run("exchange.go", "exchange", run=run)
    checked = world.manager.api("GET", f"/exchange/imports/{run}").json()
    assert checked["errors"] == 0, checked
    world.done(world.manager.api("POST", f"/exchange/imports/{run}/start"), 202)
    world.run("exchange.go", "exchange", run=run)
    assert any("exchange.run.samples" in place for place in scan(database, world, NAME))
    world.company.settings("privacy", open_cases=True)
    request = world.working()
    assert [one["store"] for one in world.found(request)["beside"]] == ["exchange.files"]
    world.erase(request)
    assert [p for p in scan(database, world, NAME, PHONE) if p.startswith(("exchange", "complaints"))] == []


def test_files_of_imports_go_after_the_companys_days(world: World, database: Database) -> None:
    body = f"complainant,phone,statement\n{NAME},{PHONE},漏水\n"
    files = {"file": ("people.csv", body.encode(), "text/csv")}
    sent = world.manager.ask("POST", "/api/v1/exchange/imports/complaints.complaint", files=files)
    assert sent.status_code == 202, sent.text
    run = UUID(sent.json()["id"])
    world.run("exchange.go", "exchange", run=run)
    world.clock.move(days=29)
    world.run("exchange.sweep", "exchange")
    assert scan(database, world, NAME)
    world.clock.move(days=2)
    for _n in range(2):
        world.run("exchange.sweep", "exchange")
    assert scan(database, world, NAME, PHONE) == []
