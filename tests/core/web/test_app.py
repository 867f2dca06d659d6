"""The composition root: everything together answers over HTTP; serve refuses what must not go into production."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from dougong import app as root
from dougong.access.companies import create_company
from dougong.access.signin import set_password
from dougong.access.tables import Person
from dougong.config import Config
from dougong.instant import now
from dougong.migrations.trees import VERSION_TABLE, trees
from dougong.plugins.registry import Registry
from dougong.scheduling.jobs import Gone, Off
from dougong.tenancy.cells import Bound, Cell, Stale
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module, Site
from dougong.testing.server import Database


@pytest.fixture
def parts(database: Database, registry: Registry, tmp_path: Path) -> Iterator[root.Parts]:
    config = Config(home=tmp_path, port=0)
    made = root.parts(config, registry=registry, where=database.addresses)
    yield made
    made.cell.engine.dispose()


@pytest.fixture
def tenant(parts: root.Parts) -> Any:
    owner = Cell(parts.addresses.owner, pool=1)
    try:
        yield create_company(
            owner, parts.registry, slug="anhe", name="安禾物业", hosts=["anhe.localhost"], modules=["complaints"]
        )
    finally:
        owner.engine.dispose()


def test_everything_together_answers_over_http(parts: root.Parts, tenant: Any) -> None:
    server = root.server(root.build(parts, worker=True), parts.config)  # on any port that is free

    async def ask() -> dict[str, int]:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            assert not serving.done()
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        own = {"host": f"anhe.localhost:{port}"}
        async with httpx.AsyncClient(base_url=base, timeout=60) as client:  # a busy machine takes its time
            found = {path: (await client.get(path)).status_code for path in ("/healthz", "/readyz", "/")}
            for path in ("/signin", "/static/plain/base.css", "/complaints/complaint", "/api/v1/openapi.json"):
                found[f"anhe {path}"] = (await client.get(path, headers=own)).status_code
        server.should_exit = True
        await serving
        return found

    assert asyncio.run(ask()) == {
        "/healthz": 200,
        "/readyz": 200,
        "/": 404,
        "anhe /signin": 200,
        "anhe /static/plain/base.css": 200,
        "anhe /complaints/complaint": 303,
        "anhe /api/v1/openapi.json": 401,
    }


def test_serve_refuses_published_passwords(
    parts: root.Parts, tenant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root, "parts", lambda config: parts)
    monkeypatch.setattr(root, "server", lambda *given: pytest.fail("it started"))
    monkeypatch.setattr(root, "configure_logging", lambda: None)
    assert root.demo_passwords(parts) == []
    with parts.cell.session(Bound(tenant)) as session:
        person = Person(id=new_id(), username="agent", name="客服专员")
        session.add(person)
        session.flush()
        set_password(session, person, "demo", now=now(), demo=True)
    assert root.demo_passwords(parts) == ["anhe"]
    with pytest.raises(root.Refused, match="anhe"):
        root.serve(parts.config)


def test_serve_refuses_a_database_that_is_behind(parts: root.Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Cell(parts.addresses.owner, pool=1)
    with owner.engine.begin() as connection:
        table = sa.table(VERSION_TABLE, sa.column("version_num"), schema=next(iter(trees(parts.registry))).schemas[0])
        connection.execute(sa.update(table).values(version_num="none"))
    owner.engine.dispose()
    monkeypatch.setattr(root, "parts", lambda config: parts)
    monkeypatch.setattr(root, "configure_logging", lambda: None)
    with pytest.raises(root.Refused, match="core"):
        root.serve(parts.config)


def test_the_worker_opens_a_company_as_the_system(parts: root.Parts, tenant: Any) -> None:
    opened = root.opener(parts)
    with opened(tenant, "complaints") as context:
        assert context.session.scalar(sa.select(sa.func.count()).select_from(Site)) == 1
    with pytest.raises(Gone), opened(new_id(), "complaints"):
        pass
    with parts.cell.session(Bound(tenant)) as session:
        session.execute(sa.update(Module).values(enabled=False))
    with pytest.raises(Stale), opened(tenant, "complaints"):
        pass
    with pytest.raises(Off), opened(tenant, "complaints"):
        pass
