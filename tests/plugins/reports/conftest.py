"""Two companies with complaints of a hundred days, some of them hidden, imported, merged, escalated; and a module more."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from dougong import Location
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.tenancy.cells import Cell
from dougong.tenancy.stored import new_id
from dougong.testing.clients import Client, Running, running
from dougong.testing.clock import stopped
from dougong.testing.companies import Company, found_company
from dougong.testing.server import Database
from dougong.testing.tables import create_tables
from dougong_complaints.choices import Cause, Channel, Kind, Means, Result, Route, Severity, State, Urgency
from dougong_complaints.records import Complaint, Escalation, Visit

from . import meters

NOW = dt.datetime(2026, 3, 18, 2, 0, tzinfo=dt.UTC)  # 10:00 in Shanghai
CATEGORIES = ("water_leak", "noise", "parking", "gone_from_the_settings")
PEOPLE = {
    "gm": [("general_manager", "anhe")],
    "region": [("regional_director", "north")],
    "manager": [("project_manager", "n1")],
    "manager_s": [("project_manager", "s1")],
    "engineer": [("engineering_lead", "n1")],
    "nobody": [],
}
OTHERS = {"manager": [("project_manager", "n1")]}


@dataclass
class World:
    running: Running
    anhe: Company
    jinxiu: Company

    def api(self, person: str, company: Company | None = None) -> Client:
        key = f"{company.slug if company else ''}{person}"
        known = self.__dict__.setdefault("known", {})
        if key not in known:
            known[key] = self.running.program(company or self.anhe, person)
        return known[key]  # type: ignore[no-any-return]

    def report(self, person: str, name: str = "complaints/handling", **query: Any) -> dict[str, Any]:
        answer = self.api(person).api("GET", f"/reports/{name}?{urlencode(query, doseq=True)}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def listed(self, person: str, link: str) -> list[str]:
        """The ids of all rows of a list's address."""
        client, found, address = self.api(person), [], f"{link}&limit=100"
        while address:
            answer = client.api("GET", address.removeprefix("/api/v1"))
            assert answer.status_code == 200, (address, answer.text)
            found += [row["id"] for row in answer.json()["results"]]
            address = answer.json()["next"]
        return found


@pytest.fixture(scope="module")
def reporting_registry(registry: Registry) -> Registry:
    wanted = [
        (n, p.module)
        for n, p in registry.plugins.items()
        if p.manifest.kind == "theme" or n in ("complaints", "reports")
    ]
    made = load([*wanted, ("meters", meters)])
    assert not made.failures
    return made


@pytest.fixture(scope="module")
def world(shared_database: Database, reporting_registry: Registry, tmp_path_factory: Any) -> Iterator[World]:
    create_tables(shared_database.owner, "meters")
    cell = Cell(shared_database.app, pool=4)
    home: Path = tmp_path_factory.mktemp("home")
    with stopped() as clock:
        clock.at(NOW)
        anhe = found_company(shared_database.owner, cell, reporting_registry, "anhe", people=PEOPLE)
        jinxiu = found_company(shared_database.owner, cell, reporting_registry, "jinxiu", people=OTHERS)
        anhe.grant("engineer", "engineering_lead", "n2", relation="mine")
        fill(anhe, random.Random(1), 260)
        fill(jinxiu, random.Random(2), 60)
        with running(shared_database, reporting_registry, home) as made:
            yield World(made, anhe, jinxiu)
    cell.engine.dispose()


def fill(company: Company, chance: random.Random, number: int) -> None:
    with company.session() as session:
        buildings: dict[str, list[UUID | None]] = {"s1": [None]}
        for site in ("n1", "n2"):
            tower = Location(id=new_id(), site_id=company.sites[site], code="1", name="1号楼", households=120)
            floor = Location(
                id=new_id(), site_id=tower.site_id, code="1-2", name="2层", type="floor", parent_id=tower.id
            )
            room = Location(
                id=new_id(),
                site_id=tower.site_id,
                code="1-2-01",
                name="201",
                type="room",
                parent_id=floor.id,
                households=1,
            )
            gate = Location(id=new_id(), site_id=tower.site_id, code="G", name="大门", type="point")
            for one in (tower, floor, room, gate):
                session.add(one)
                session.flush()
            buildings[site] = [tower.id, floor.id, room.id, gate.id, None]
        for at in range(number):
            site = chance.choice(["n1", "n1", "n2", "s1"])
            _complaint(company, session, chance, at, site, buildings[site])


def _complaint(
    company: Company, session: Any, chance: random.Random, at: int, site: str, places: list[UUID | None]
) -> None:
    registered = NOW - dt.timedelta(minutes=chance.randrange(60 * 24 * 110))
    status, brought = chance.choice(list(State)), chance.random() < 0.2
    due = None if brought else registered + dt.timedelta(hours=chance.choice([2, 24, 96]))
    solved = status in (State.VISIT, State.CLOSED) or chance.random() < 0.1
    people = [company.people["manager"], *([company.people["region"]] if "region" in company.people else [])]
    complaint = Complaint(
        id=new_id(), site_id=company.sites[site], number=f"TS-{at:05}", row_version=1, created_at=NOW, updated_at=NOW,
        status=status, channel=chance.choice(list(Channel)), complainant_type=Kind.OWNER, complainant="王女士",
        category=chance.choice(CATEGORIES), location=chance.choice(["大堂", " 大堂", "车库"]),
        location_id=chance.choice(places), statement="x", severity=chance.choice(list(Severity)), urgency=Urgency.NORMAL,
        against_id=chance.choice([None] * 8 + people), owner_id=chance.choice([None, *company.people.values()]),
        cause=chance.choice([None, *Cause]), reopened=chance.choice([0, 0, 0, 1]), registered_at=registered,
        contact_by=None if brought else registered + dt.timedelta(minutes=30),
        contacted_at=chance.choice([None, registered + dt.timedelta(minutes=chance.randrange(90))]),
        resolve_by=due, resolved_at=registered + dt.timedelta(hours=chance.randrange(1, 200)) if solved else None,
        resolve_late=not brought and chance.random() < 0.05, contact_late=not brought and chance.random() < 0.05,
    )  # fmt: skip
    session.add(complaint)
    session.flush()
    for number in range(chance.choice([0, 0, 1, 2])):
        later = registered + dt.timedelta(hours=number + 1)
        result = chance.choice(list(Result))
        about = chance.choice([None, None, "TS-00000"])
        session.add(
            Visit(id=new_id(), parent_id=complaint.id, at=later, method=Means.PHONE, result=result, about=about)
        )
    for number in range(chance.choice([0, 0, 0, 1, 2])):
        at_ = registered + dt.timedelta(hours=number)
        session.add(
            Escalation(
                id=new_id(), parent_id=complaint.id, at=at_, route=Route.AUTHORITY, reason="x",
                acknowledge_by=at_ + dt.timedelta(minutes=30),
                acknowledged_at=chance.choice([None, at_ + dt.timedelta(minutes=10), at_ + dt.timedelta(hours=2)]),
            )
        )  # fmt: skip
