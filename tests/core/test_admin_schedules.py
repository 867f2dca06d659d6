"""The pages of schedules: what each shows, what it does, to whom; without a script, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.testing import Clock, Company
from dougong.testing.clients import Client, Running
from dougong.testing.running import run_due
from dougong.timing.tables import Occurrence, ScheduleRow

from .samples_schedules import BROKEN, RAN, with_schedules
from .test_admin_pages import said

PATH = "/admin/schedules"
ENGLISH = {"headers": {"accept-language": "en"}}
LETTER, ROUNDS, CLOSING = "complaints.weekly_letter", "complaints.rounds", "complaints.closing"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return with_schedules(load())


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    RAN.clear()
    BROKEN.clear()
    yield
    BROKEN.clear()


@pytest.fixture
def company(clock: Clock, company: Company) -> Company:
    """With its schedules."""
    run_due(company)
    return company


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


def row_of(company: Company, name: str, site: str | None = None) -> ScheduleRow:
    with company.session() as session:
        place = company.sites[site] if site else None
        query = sa.select(ScheduleRow).where(ScheduleRow.name == name, ScheduleRow.site_id.is_not_distinct_from(place))
        return session.scalars(query).one()


def runs_of(company: Company, row: ScheduleRow) -> list[Occurrence]:
    with company.session() as session:
        query = sa.select(Occurrence).where(Occurrence.schedule_id == row.id).order_by(Occurrence.nominal)
        return list(session.scalars(query))


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    found: dict[str, Any] = {}
    body = answer.text.split('<form class="fields pairs"', 1)[1].split("</form>", 1)[0]
    for tag in re.findall(r"<input[^>]*>", body):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([\w.]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        text = value[1] if value else ""
        if kind and kind[1] == "checkbox":
            found.setdefault(name[1], []).append(text)
        else:
            found[name[1]] = text
    for name_, inner in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name_] = chosen[1] if chosen else ""
    return found


# ---- seeing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_there(company: Company, admin: Client, clock: Clock, language: str) -> None:
    headers = {"accept-language": language}
    row = row_of(company, LETTER)
    clock.move(hours=2)
    run_due(company)
    (run,) = runs_of(company, row)
    for path in (
        PATH, f"{PATH}?show=paused", f"{PATH}?show=active&module=complaints&state=done", f"{PATH}?site=n1", f"{PATH}/runs",
        f"{PATH}/runs?state=failed", f"{PATH}/upcoming", f"{PATH}/upcoming?module=complaints&site=n1", f"{PATH}/runs?at.from=2026-03-01&at.to=2026-03-31&schedule={row.id}",
        f"{PATH}/runs/{run.id}", f"{PATH}/{row.id}", f"{PATH}/{row.id}/edit", f"{PATH}/{row.id}/run", f"{PATH}/{row.id}/skip",
        f"{PATH}/{row.id}/pause", f"{PATH}/{row.id}/reset", f"{PATH}/runs/{run.id}/again",
    ):  # fmt: skip
        answer = admin.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, said(answer)[:500])
    shown = said(admin.get(PATH, headers=headers))
    assert ("Every Monday at 10:00" in shown) == (language == "en")
