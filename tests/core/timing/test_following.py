"""Which schedules a company has: they follow its modules and sites, keep what people changed, and rest while they are off."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from types import ModuleType
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong import Invalid, Rule, Schedule, Site
from dougong.migrations.runner import migrate
from dougong.plugins.loader import load
from dougong.tenancy.tables import ModuleSite, due
from dougong.timing import following, planning
from dougong.timing.housekeeping import TIDY
from dougong.timing.tables import Occurrence, ScheduleRow

from . import rounds
from .conftest import Office
from .test_planning import at

PROJECTS = ("n1", "n2", "s1")


def test_one_for_the_company_or_for_each_project(office: Office) -> None:
    found = {(name, site) for name, site in office.rows() if not name.startswith("core.")}
    assert found == {("nightly", None), ("report", None), ("secret", None), *(("patrol", site) for site in PROJECTS)}


def test_a_new_site_gets_its_own_and_a_closed_one_rests(office: Office) -> None:
    office.company.add_site("n3", "north")
    with office.company.session() as session:
        session.execute(sa.update(Site).where(Site.slug == "north").values(active=False))
    office.run()
    rows = office.rows()
    assert rows["patrol", "s1"].next_at == at("03-02 20:00")
    assert [rows["patrol", site].next_at for site in ("n1", "n2")] == [None, None]
    assert ("patrol", "n3") not in rows
    with office.company.session() as session:
        session.execute(sa.update(Site).where(Site.slug == "north").values(active=True))
    office.run()
    assert {office.row("patrol", site).next_at for site in ("n1", "n2", "n3")} == {at("03-02 20:00")}


def test_a_module_that_is_off_does_not_run_and_comes_back_as_it_was(office: Office) -> None:
    office.change("nightly", rule=Rule.daily("04:00").to_json())
    office.company.switch("rounds", False)
    office.clock.at(at("03-04 09:00"))
    assert {one.name for one in office.run()} <= {"core.due", "core.tidy"}
    assert office.row("nightly").next_at is None
    office.company.switch("rounds", True)
    office.run()
    assert office.row("nightly").next_at == at("03-05 04:00")
    assert office.runs("nightly") == []  # nothing is made up of the time in which it was off


def test_off_at_one_site(office: Office) -> None:
    with office.company.session() as session:
        session.add(ModuleSite(name="rounds", site_id=office.company.sites["north"]))
    office.run()
    rows = office.rows()
    assert [rows["patrol", site].next_at is None for site in PROJECTS] == [True, True, False]
    assert rows["nightly", None].next_at is not None


def test_what_waits_when_its_module_goes_off_is_left_out(office: Office) -> None:
    office.clock.at(at("03-03 02:00"))
    with office.company.acting(None) as x:
        planning.take(x, office.row("nightly").id)
    office.company.switch("rounds", False)
    office.run()
    assert office.runs("nightly") == [("skipped", "03-03 02:00")]
    office.company.switch("rounds", True)
    office.clock.move(minutes=10)
    office.run()
    assert office.effects() == []


def test_a_suspended_company_goes_on_where_it_stood(office: Office, database: Any) -> None:
    def status(value: str) -> None:
        with psycopg.connect(database.owner, autocommit=True) as owner:
            owner.execute("UPDATE platform.tenant SET status = %s WHERE id = %s", (value, office.company.tenant))
            owner.execute(
                "UPDATE platform.tenant_version SET version = version + 1 WHERE tenant_id = %s",
                (office.company.tenant,),
            )

    status("suspended")
    office.clock.at(at("03-05 09:00"))
    office.run()
    assert office.effects() == []
    status("active")
    office.clock.move(minutes=10)
    office.run()
    assert office.effects().count("nightly") == 1
    assert office.effects().count("patrol") == 3 * 6


def test_a_new_default_arrives_where_nobody_changed_anything(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.change("patrol", "n1", rule=Rule.daily("09:30").to_json())
    changed = replace(rounds.PATROL, rule=Rule.daily("12:00"), grace=5)
    kept = office.company.registry.contributions["rounds"]
    monkeypatch.setitem(
        office.company.registry.contributions, "rounds", tuple(changed if one is rounds.PATROL else one for one in kept)
    )
    with office.company.acting(None) as x:
        following.follow(x, x.tenant)
    rows = office.rows()
    assert rows["patrol", "n1"].rule == Rule.daily("09:30").to_json()
    assert (rows["patrol", "s1"].rule, rows["patrol", "s1"].grace) == (Rule.daily("12:00").to_json(), 5)
    assert rows["patrol", "s1"].next_at == at("03-02 12:00")


def test_a_lost_due_row_comes_back(office: Office) -> None:
    with office.company.session() as session:
        session.execute(sa.delete(due))
    with office.company.acting(None) as x:
        TIDY.run(x, Occurrence(nominal=x.now))
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]


def test_migrating_makes_every_company_follow(office: Office, database: Any) -> None:
    with office.company.session() as session:
        session.execute(sa.delete(due))
        session.execute(sa.delete(ScheduleRow).where(ScheduleRow.name == "rounds.report"))
    migrate(database.owner, office.company.registry)
    with office.company.session() as session:  # a new version may bring a year's notice of public holidays
        assert set(session.scalars(sa.select(due.c.kind))) == {following.KIND, following.CALENDAR}
    office.run()
    assert office.row("report").next_at == at("03-03 08:30")


def test_companies_are_spread(make_office: Any) -> None:
    one, other = make_office("anhe"), make_office("jinxiu")
    one.run(), other.run()
    tidy = [office.rows()["core.tidy", None].next_at for office in (one, other)]
    assert tidy[0] != tidy[1]
    assert all(at("03-03 03:10") <= moment < at("03-03 06:00") for moment in tidy)


# ---- records ----


class Plan:
    """What ``put`` needs of a record."""

    def __init__(self, office: Office, site: str) -> None:
        self.id, self.site_id = office.company.people["admin"], office.company.sites[site]


def test_a_records_own_schedule(office: Office) -> None:
    plan: Any = Plan(office, "n1")
    with office.company.acting("project_manager_n1") as x:
        rounds.PLAN.put(
            x, plan, Rule.weekly("tuesday", "10:00"), label="电梯月检", window=60, ends_on=dt.date(2026, 3, 10)
        )
    assert office.row("plan", "n1").next_at == at("03-03 10:00")
    with office.company.acting("project_manager_n1") as x:
        rounds.PLAN.put(x, plan, Rule.weekly("wednesday", "10:00"))
    row = office.row("plan", "n1")
    assert (row.next_at, row.window, row.label_text) == (at("03-04 10:00"), 60, "电梯月检")
    office.clock.at(at("03-04 10:00"))
    office.run()
    run = office.all("plan", "n1")[0]
    assert (run.state, run.subject_id) == ("done", plan.id)
    with office.company.acting("project_manager_n1") as x:
        rounds.PLAN.remove(x, plan)
    assert ("plan", "n1") not in office.rows()


def test_a_records_rule_that_never_fires_is_refused(office: Office) -> None:
    plan: Any = Plan(office, "n1")
    with pytest.raises(Invalid), office.company.acting(None) as x:
        rounds.PLAN.put(x, plan, Rule.weekly("sunday", "10:00", on_closed="skip", starting=dt.date(2030, 1, 1)))
    assert ("plan", "n1") not in office.rows()
    with pytest.raises(ValueError, match="scope"), office.company.acting(None) as x:
        rounds.PATROL.put(x, plan, Rule.daily("10:00"))


# ---- the declaration ----


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "nodot"},
        {"missed": "perhaps"},
        {"scope": "house"},
        {"grace": 0},
        {"window": 0},
        {"fixed": frozenset({"colour"})},
    ],
)
def test_a_declaration_that_cannot_be_is_refused_when_it_is_loaded(wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {"name": "rounds.good", "label": rounds.NIGHTLY.label, "run": lambda x, run: None}
    with pytest.raises(ValueError, match=r"."):
        Schedule(**{**good, "rule": Rule.daily("10:00"), **wrong})


def test_two_follow_jobs_at_once_make_one_row_each(make_office: Any) -> None:
    office, begin, errors = make_office("anhe"), threading.Barrier(2), list[BaseException]()

    def work() -> None:
        try:
            with office.company.acting(None) as x:
                begin.wait(10)
                following.follow(x, x.tenant)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    with office.company.session() as session:
        names = session.scalars(sa.select(ScheduleRow.name)).all()
    assert len(names) == 1 + 3 + len(PROJECTS)


def test_a_schedule_of_another_module_is_refused_when_it_is_loaded() -> None:
    stranger = ModuleType("stranger")
    stranger.manifest = replace(rounds.manifest, name="stranger")  # type: ignore[attr-defined]
    stranger.dougong_contributions = rounds.dougong_contributions  # type: ignore[attr-defined]
    assert [one.name for one in load([("stranger", stranger)]).failures] == ["stranger"]
