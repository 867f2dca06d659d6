"""How far work in the background is, on a real page: the bar moves by itself, the page is loaded anew when the work is done,
and without a script there is a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from dougong.tenancy.stored import new_id
from playwright.sync_api import expect

from . import living

if TYPE_CHECKING:
    from dougong.testing.server import Database

FIND = "SELECT t.id, p.id FROM platform.tenant t JOIN core.person p ON p.tenant_id = t.id WHERE t.slug = %s AND p.username = %s"


@dataclass
class Work:
    """A bulk run that a worker is at."""

    owner: psycopg.Connection
    tenant: UUID
    run: UUID
    job: int

    def reaches(self, done: int) -> None:
        self.owner.execute(
            "INSERT INTO platform.job_progress VALUES (%s, %s, %s, 1, %s, 300, '', now()) "
            "ON CONFLICT (tenant_id, about) DO UPDATE SET done = excluded.done",
            [self.tenant, self.run, self.job, done],
        )

    def ends(self) -> None:
        self.owner.execute("UPDATE core.bulk_run SET finished_at = now() WHERE id = %s", [self.run])

    @property
    def page(self) -> str:
        return f"{living.COMPLAINTS}/bulk-run/{self.run}"


@pytest.fixture
def work(world: living.World, shared_database: Database) -> Iterator[Work]:
    with psycopg.connect(shared_database.superuser, autocommit=True) as owner:
        found = owner.execute(FIND, [living.ANHE, "admin"]).fetchone()
        assert found
        tenant, person = found
        made = owner.execute(
            "INSERT INTO platform.procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('nobody', 'core.bulk', jsonb_build_object('tenant', %s::text), 'doing') RETURNING id",
            [tenant],
        ).fetchone()
        assert made
        run = new_id()
        owner.execute(
            "INSERT INTO core.bulk_run (tenant_id, id, record_kind, action, body, ids, results, language, person_id, created_at) "
            "SELECT %s, %s, 'complaints.complaint', 'do:accept', '{}', to_jsonb(array_agg(gen_random_uuid())), '[]', 'zh', %s, "
            "now() FROM generate_series(1, 300)",
            [tenant, run, person],
        )
        yield Work(owner, tenant, run, made[0])
        owner.execute("DELETE FROM platform.procrastinate_jobs WHERE id = %s", [made[0]])


def test_the_bar_moves_by_itself(world: living.World, work: Work) -> None:
    page = world.person("admin").page
    loads: list[str] = []
    page.goto(world.address(living.ANHE) + work.page)
    expect(page.locator(".going")).to_contain_text("排队等待中")
    page.on("load", lambda: loads.append(page.url))  # from here on: signing in may still be loading before
    work.reaches(120)
    expect(page.locator(".going")).to_contain_text("120 / 300")
    assert page.locator(".going progress").get_attribute("value") == "120"
    assert loads == []
    work.ends()
    expect(page.locator(".going")).to_have_count(0)
