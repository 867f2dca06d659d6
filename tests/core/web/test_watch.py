"""Administrators are told when nobody works off the jobs; the figures for Prometheus are there where they were asked for."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import psycopg
from dougong.testing import Company
from dougong.testing.clients import Client, Running
from dougong.testing.server import Database

from ..test_cli_jobs import put

TOLD = "后台任务没有在运行"


def asked_anew(platform: Running, company: Company) -> None:
    watch = platform.application.watch

    async def ask() -> None:
        if watch._task is not None:  # what a page has asked before: its answer must not come after this one
            await watch._task
        await watch.ask(platform.application.cell, company.tenant)

    platform.runner.run(ask())


def test_the_banner(platform: Running, company: Company, database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as owner:
        owner.execute("DELETE FROM platform.procrastinate_jobs")
        owner.execute("DELETE FROM platform.due")
        admin, agent = platform.browser(company, "admin"), platform.browser(company, "service_agent_n1")
        number = put(company.cell, company)
        asked_anew(platform, company)
        assert TOLD not in admin.get("/").text  # it has just come
        owner.execute("UPDATE platform.procrastinate_events SET at = now() - interval '3 minutes' WHERE job_id = %s", [number])
        asked_anew(platform, company)
        assert TOLD in admin.get("/").text
        assert TOLD not in agent.get("/").text
        owner.execute("INSERT INTO platform.procrastinate_workers DEFAULT VALUES")
        asked_anew(platform, company)
        assert TOLD not in admin.get("/").text


def test_many_pages_ask_once(platform: Running, company: Company, monkeypatch: Any) -> None:
    watch, times = platform.application.watch, []

    async def ask(cell: object, tenant: UUID) -> None:
        times.append(tenant)

    monkeypatch.setattr(watch, "ask", ask)
    monkeypatch.setattr(watch, "_asked_at", -float("inf"))
    admin = platform.browser(company, "admin")
    for _n in range(5):
        assert admin.get("/").status_code == 200
    platform.runner.run(asyncio.sleep(0))
    assert len(times) == 1


def test_a_question_without_an_answer_costs_nothing(platform: Running, company: Company) -> None:
    class Broken:
        async def read(self, *_given: object) -> None:
            raise OSError("away")

    watch = platform.application.watch
    watch.silent = True
    platform.runner.run(watch.ask(Broken(), company.tenant))  # type: ignore[arg-type]
    assert watch.silent


def test_metrics_are_off_until_they_are_wanted(platform: Running, company: Company, monkeypatch: Any) -> None:
    client = Client(platform, company.host)
    assert client.get("/metrics").status_code == 404

    class Wanted:
        secret, metrics = platform.application.config.secret, True

    monkeypatch.setattr(platform.application, "config", Wanted())
    told = client.get("/metrics").text
    assert "dougong_jobs_failed 0" in told
    assert str(company.tenant) not in told
    assert company.slug not in told
