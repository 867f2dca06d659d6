"""What a process remembers is asserted on every request: changes made elsewhere hold on the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.access.tables import Grant, Role
from dougong.instant import now
from dougong.tenancy.tables import Module, Site
from dougong.web.routing import Route


@pytest.fixture
def agent(world: Any) -> Any:
    browser = world.browser()
    browser.sign_in("agent")
    browser.get("/account")
    return browser


@pytest.fixture
def toy(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that exists only while the module ``complaints`` is on, and answers from memory."""

    async def show(asked: Any) -> Any:
        from starlette.responses import JSONResponse

        return JSONResponse({"module": "on"})

    def source(registry: Any, modules: frozenset[str]) -> list[Route]:
        return [Route("GET", "/api/v1/toy", show)] if "complaints" in modules else []

    monkeypatch.setattr(world.app, "_sources", (*world.app._sources, source))
    monkeypatch.setattr(world.app, "_tables", {})


def switch(world: Any, on: bool) -> None:
    def change(session: Any) -> None:
        session.execute(sa.delete(Module))
        if on:
            session.add(Module(name="complaints"))

    world.do(change)


def test_a_module_switched_elsewhere(world: Any, agent: Any, toy: None) -> None:
    unknown = agent.get("/api/v1/unknown")
    off = agent.get("/api/v1/toy")
    assert (off.status_code, off.content) == (404, unknown.content)
    switch(world, True)
    assert agent.get("/api/v1/toy").json() == {"module": "on"}
    switch(world, False)
    gone = agent.get("/api/v1/toy")
    assert (gone.status_code, gone.content) == (404, unknown.content)


def test_a_grant_given_and_taken_elsewhere(world: Any, agent: Any) -> None:
    assert agent.get("/?site=park").status_code == 404

    def give(session: Any) -> None:
        site = session.scalar(sa.select(Site.id).where(Site.slug == "park"))
        role = session.scalar(sa.select(Role.id).where(Role.slug == "service_agent"))
        session.add(Grant(person_id=world.people["agent"], role_id=role, site_id=site, note="test"))

    world.do(give)
    assert agent.get("/?site=park").status_code == 200
    world.do(lambda session: session.execute(sa.delete(Grant).where(Grant.note == "test")))
    assert agent.get("/?site=park").status_code == 404


def test_a_grant_ends_at_its_minute(world: Any, agent: Any, clock: Any) -> None:
    clock.at(now() + dt.timedelta(minutes=1))
    ends = now() + dt.timedelta(minutes=10)

    def give(session: Any) -> None:
        site = session.scalar(sa.select(Site.id).where(Site.slug == "park"))
        role = session.scalar(sa.select(Role.id).where(Role.slug == "service_agent"))
        session.add(Grant(person_id=world.people["agent"], role_id=role, site_id=site, note="test", ends_at=ends))

    world.do(give)
    browser = world.browser()
    browser.sign_in("agent")
    assert browser.get("/?site=park").status_code == 200
    clock.at(ends)
    assert browser.get("/?site=park").status_code == 404
    world.do(lambda session: session.execute(sa.delete(Grant).where(Grant.note == "test")))


def test_what_a_request_committed_is_not_done_twice(world: Any, agent: Any) -> None:
    world.do(lambda session: session.execute(sa.update(Site).where(Site.slug == "park").values(households=0)))
    headers = {"x-csrf-token": agent.csrf}
    assert agent.ask("POST", "/api/v1/twice", headers=headers).status_code == 200
    count = world.do(lambda session: session.scalar(sa.select(Site.households).where(Site.slug == "park")))
    assert count == 2


def test_a_company_that_changes_all_the_time_gets_a_conflict(
    world: Any, agent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh = world.app.refresh

    async def changing(asked: Any) -> None:
        await refresh(asked)
        await world.app.in_thread(
            world.do, lambda session: session.execute(sa.update(Site).where(Site.slug == "park").values(position=9))
        )

    monkeypatch.setattr(world.app, "refresh", changing)
    world.do(lambda session: session.execute(sa.update(Site).where(Site.slug == "park").values(position=8)))
    assert agent.get("/api/v1/probe").status_code == 409
