"""A company whose sites lie in several time zones: figures are cut by the company's days, and open the same rows there."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dougong import Site
from dougong.tenancy.cells import Cell
from dougong.testing.clients import running
from dougong.testing.clock import stopped
from dougong.testing.companies import found_company
from dougong.testing.server import Database
from dougong_complaints.choices import Channel, Kind, Severity, Urgency
from dougong_complaints.records import Complaint

from .conftest import World

NOW = dt.datetime(2026, 4, 2, 2, 0, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def far(shared_database: Database, reporting_registry: Any, tmp_path_factory: Any) -> Iterator[World]:
    cell, chance = Cell(shared_database.app, pool=4), random.Random(3)
    with stopped() as clock:
        clock.at(NOW)
        sites = {"n1": (None, "project"), "s1": (None, "project")}
        people = {"gm": [("general_manager", "far")]}
        made = found_company(shared_database.owner, cell, reporting_registry, "far", people=people, sites=sites)
        made.add_site("b1", timezone="Europe/Berlin")
        with made.session() as session:
            root = session.get_one(Site, (made.tenant, made.sites["far"]))
            root.timezone = "Europe/Berlin"
            for at in range(120):
                # Around the night in which Berlin's clocks went forward, and the end of the month.
                when = dt.datetime(2026, 3, 28, tzinfo=dt.UTC) + dt.timedelta(minutes=chance.randrange(60 * 24 * 5))
                session.add(
                    Complaint(
                        site_id=made.sites[chance.choice(["n1", "s1", "b1"])], number=f"TS-{at}", row_version=1,
                        created_at=when, updated_at=when, registered_at=when, channel=Channel.PHONE, category="noise",
                        complainant_type=Kind.OTHER, location="x", statement="x", severity=Severity.MINOR,
                        urgency=Urgency.NORMAL,
                    )
                )  # fmt: skip
        with running(shared_database, reporting_registry, tmp_path_factory.mktemp("far")) as platform:
            yield World(platform, made, made)
    cell.engine.dispose()


@pytest.mark.parametrize("by", ["site", "day", "week", "month", "channel"])
@pytest.mark.parametrize("period", ["2026-03-29..2026-03-29", "2026-03-28..2026-04-01", "this-month", "last-month"])
def test_figures_open_their_rows_at_sites_of_other_zones(far: World, by: str, period: str) -> None:
    told = far.report("gm", by=by, period=period)
    start = dt.datetime.fromisoformat(told["period"]["from"]).replace(tzinfo=BERLIN)
    end = dt.datetime.fromisoformat(told["period"]["to"]).replace(tzinfo=BERLIN) + dt.timedelta(days=1)
    with far.anhe.acting("gm", "complaints") as x:
        rows = [c for c in x.session.scalars(x.readable(Complaint)) if start <= c.registered_at < end]
    assert told["total"]["volume"]["value"] == len(rows)
    assert sum(g["figures"]["volume"]["value"] for g in told["groups"]) == len(rows)
    for group in told["groups"]:
        if by == "day":
            mine = [c for c in rows if c.registered_at.astimezone(BERLIN).date().isoformat() == group["key"]]
            assert group["figures"]["volume"]["value"] == len(mine)
        for name in ("volume", "contact"):
            if name in group["records"]:
                found = far.listed("gm", group["records"][name])
                assert len(found) == group["figures"][name]["rows"], group["records"][name]
