"""The three reports: filings on time, orders with penalties by agency, permits by expiry."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dougong import Question, figures_within
from dougong_liaison import reports
from dougong_liaison.records import Filing, Order, Permit

if TYPE_CHECKING:
    from dougong import Figures, Report

    from .conftest import World

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
YEAR = (dt.datetime(2026, 1, 1, tzinfo=SHANGHAI), dt.datetime(2027, 1, 1, tzinfo=SHANGHAI))


def asked(world: World, report: Report, by: str | None = None, who: str = "boss") -> Figures:
    with world.as_(who) as x:
        return figures_within(x, [Question(report, *YEAR, by=by, zone="Asia/Shanghai")])[0]


def values(found: Figures) -> dict[str, float | None]:
    return {m.name: found.value(m) for m in found.question.report.measures}


def by_group(world: World, report: Report, by: str, name: str) -> dict[str | None, float | None]:
    measure = next(m for m in report.measures if m.name == name)
    return {g.key: g.parts[name].value(measure) for g in asked(world, report, by).groups}


def filing(world: World, day: str) -> Filing:
    o = world.owe(files=0)
    with world.as_(None) as x:
        made = x.create(
            Filing, o.site_id, obligation_id=o.id, title=o.title, agency_kind="market", files=0, owner_id=o.owner_id,
            due_on=dt.date.fromisoformat(day),
        )  # fmt: skip
        x.session.flush()
        x.session.expunge(made)
        return made


def test_filings_on_time(world: World) -> None:
    good, late, never, dropped = (filing(world, "2026-03-10") for _n in range(4))
    filing(world, "2026-12-31")
    for one in (good, late):
        world.do("manager", one, "prepare")
    world.do("manager", good, "submit")
    world.do("manager", dropped, "drop", reason="免报")
    world.later("03-12")
    world.do("manager", late, "submit")
    assert values(asked(world, reports.filings)) == {"due": 4, "handed_in": 2, "on_time": 100 / 3, "late_now": 1}
    by = by_group(world, reports.filings, "month", "due")
    assert (by["2026-03-01"], by["2026-12-01"]) == (3, 1)
    assert values(asked(world, reports.filings, who="manager2"))["due"] == 0
    assert never.number


def test_orders_and_penalties_by_agency(world: World) -> None:
    fire, tax = world.agency(), world.agency(nature="tax", name="税务局")
    one: Order = world.sign(fire)
    world.sign(fire, document="消责改13号")
    world.sign(tax, document="税责改1号")
    world.do("manager", one, "fine", document="罚1号", amount=500000, reason="逾期")
    found = values(asked(world, reports.orders))
    assert (found["orders"], found["open"], found["closed"], found["penalty"]) == (3, 3, 0, 500000)
    assert by_group(world, reports.orders, "agency_kind", "orders") == {"fire": 2, "tax": 1}
    assert by_group(world, reports.orders, "agency_kind", "penalty")["fire"] == 500000


def test_permits_by_expiry(world: World) -> None:
    for day, kind in (("2026-03-31", "lift"), ("2026-12-31", "lift"), ("2027-01-01", "boiler")):
        body = {
            "title": "证照",
            "nature": kind,
            "paper": f"P-{day}",
            "expires_on": day,
            "owner_id": world.who("manager"),
        }
        world.make(Permit, **body)
    assert values(asked(world, reports.expiries)) == {"ending": 2, "expired": 0}
    assert by_group(world, reports.expiries, "nature", "ending") == {"lift": 2}
    world.later("04-02")
    assert values(asked(world, reports.expiries))["expired"] == 1
