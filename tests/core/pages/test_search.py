"""Searching: from one character on, in step with the records, and never more than the list itself would show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from dougong.records import finding, search
from dougong.tenancy.cells import Bound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import THINGS, World


def titles(world: World, q: str, who: str = "manager", **more: str) -> list[str]:
    """Titles of what a person finds, in the order of the list."""
    tail = "".join(
        f"&{name.replace('__', '.')}={quote(value)}" for name, value in {"tab": "all", "limit": "100", **more}.items()
    )
    answer = world.api(who).get(f"{THINGS}?q={quote(q)}{tail}")
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json()["results"]]


@contextmanager
def ways(near: int, few: int) -> Iterator[None]:
    """Small numbers, so that few records lead through each of the three ways."""
    from dougong.records import reads

    kept = finding.NEAR, finding.NEAR_NARROWED, finding.FEW
    finding.NEAR = finding.NEAR_NARROWED = near
    finding.FEW = few
    reads._compile_list.cache_clear()
    try:
        yield
    finally:
        finding.NEAR, finding.NEAR_NARROWED, finding.FEW = kept
        reads._compile_list.cache_clear()


WORDS = {
    "梯": True, "电梯": True, "坏了电": False, "电梯坏": True, "北区电梯坏": False, "号楼电梯坏了": True, "3号楼": True,
    "３号楼": True, "LIFT": True, "lift 电梯": True, "电梯 lift": True, "ift": True, "i": True, "if": True, "Ｌｉｆｔ": True,
    "lif t": True, "liftx": False, "100%": True, "100_": False, "%": True, "_": False, "\\": False, "'; --": False,
    "电%坏": False, "(": True, "😀": True, "a" * 500: False, "梯" * 70: False, "x y z w v u t s r q": False,
}  # fmt: skip


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.parametrize("near", [1, 600])
def test_words_find_what_holds_them(world: World, near: int, few: int) -> None:
    if not titles(world, "3号楼电梯坏了"):
        world.thing(title="3号楼电梯坏了 Lift (100%) 😀 t", email="secret@example.org", phone="13812345678")
    with ways(near, few):
        for word, found in WORDS.items():
            assert bool([t for t in titles(world, word) if t.startswith("3号楼电梯")]) == found, word


@pytest.mark.parametrize("word", ["1381234", "13812345678", "5678901", "secret", "example.org"])
def test_what_is_not_for_everybody_is_never_found(world: World, word: str) -> None:
    world.thing(title="Guarded one", phone="13812345678", email="secret@example.org")
    assert "Guarded one" not in titles(world, word) + titles(world, word, "director")


def test_bad_words_are_refused_or_find_nothing(world: World) -> None:
    assert world.api("manager").get(f"{THINGS}?q=%00").status_code == 400
    assert titles(world, "\x1f\x01") == titles(world, "")
    assert titles(world, "' OR 1=1 --") == []
    for who in ("manager", "fitter"):
        assert world.api(who).get(f"{THINGS}?q={'%25' * 300}").status_code == 200


def test_a_number_finds_its_record_by_any_part(world: World) -> None:
    made = world.thing(title="Numbered")
    number = made["number"]
    for part in (number, number.lower(), number[-6:], number[3:], number[-3:]):
        assert "Numbered" in titles(world, part), part


def test_what_changes_is_found_as_it_is_now(world: World) -> None:
    made = world.thing(title="老名字")
    api = world.api("manager")
    assert titles(world, "老名字") == ["老名字"]
    changed = api.patch(f"{THINGS}/{made['id']}", {"title": "新称呼"}, made["row_version"])
    assert changed.status_code == 200, changed.text
    assert titles(world, "老名字") == []
    assert titles(world, "新称呼") == ["新称呼"]
    assert titles(world, "新称呼", status="new") == ["新称呼"]
    owner = str(world.anhe.people["manager"])
    moved = api.post(f"{THINGS}/{made['id']}/transitions/start", {"owner_id": owner})
    assert moved.status_code == 200, moved.text
    for near in (1, 600):
        with ways(near, 2000):
            assert titles(world, "新称呼", status="new") == []
            assert titles(world, "新称呼", status="doing") == ["新称呼"]
    with world.anhe.session() as session:
        row = session.execute(sa.select(search.TABLE).where(search.TABLE.c.record_id == UUID(made["id"]))).one()
    assert (row.status, row.record_kind, row.site_id) == ("doing", "sample.thing", world.anhe.sites["n1"])
    assert set(row.tok) == set(search.tokens(world.anhe.tenant, row.body))


def test_a_refused_change_leaves_what_is_found(world: World) -> None:
    made = world.thing(title="守旧")
    answer = world.api("manager").patch(f"{THINGS}/{made['id']}", {"title": "冒进"}, 99)
    assert answer.status_code == 412
    assert titles(world, "冒进") == []
    assert titles(world, "守旧") == ["守旧"]


def test_both_ways_of_creating_write_the_same(world: World) -> None:
    quick = world.thing(title="同样的字 Twice-1")
    slow = world.thing(title="同样的字 Twice-1", then="at_once", then_body={"text": "gone"})
    with world.anhe.session() as session:
        rows = {
            row.record_id: row
            for row in session.execute(sa.select(search.TABLE).where(search.TABLE.c.body.like("%同样的字%")))
        }
    for one in (quick, slow):
        row = rows[UUID(one["id"])]
        assert row.body == f"{one['number'].lower()}{search.BETWEEN}同样的字 twice-1"
        assert set(row.tok) == set(search.tokens(world.anhe.tenant, row.body))
    assert rows[UUID(slow["id"])].status == "done"


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.parametrize("near", [1, 600])
def test_sites_relations_and_the_accused_hold(world: World, near: int, few: int) -> None:
    if not titles(world, "隔离词", "director"):
        world.thing(title="隔离词 n1")
        world.thing("manager_s", "s1", title="隔离词 s1")
        world.thing(title="隔离词 accused", against_id=str(world.anhe.people["agent"]))
        world.thing(title="隔离词 fitter", owner_id=str(world.anhe.people["fitter"]))
    with ways(near, few):
        assert set(titles(world, "隔离词", "manager")) == {"隔离词 n1", "隔离词 accused", "隔离词 fitter"}
        assert set(titles(world, "隔离词", "manager_s")) == {"隔离词 s1"}
        assert set(titles(world, "隔离词", "agent")) == {"隔离词 n1", "隔离词 fitter"}
        assert set(titles(world, "隔离词", "fitter")) == {"隔离词 fitter"}
        assert set(titles(world, "隔离词", "director", site="s1")) == {"隔离词 s1"}
        assert world.api("nobody").get(f"{THINGS}?q=隔离词").status_code == 404


def test_pages_of_a_search_follow_each_other(world: World) -> None:
    for n in range(7):
        world.thing(title=f"翻页 {n}")
    for near, few, sort in ((1, 2000, ""), (600, 2000, ""), (1, 0, ""), (1, 2000, "number"), (1, 0, "-number")):
        with ways(near, few):
            found: list[str] = []
            path: str | None = f"{THINGS}?q=翻页&limit=2&tab=all" + (f"&sort={sort}" if sort else "")
            while path:
                answer = world.api("manager").get(path).json()
                found += [row["title"] for row in answer["results"]]
                path = answer["next"]
            wanted = [f"翻页 {n}" for n in range(7)]
            assert found == (wanted if sort == "number" else wanted[::-1]), (near, few, sort)


def test_the_function_tells_nothing_of_another_company(world: World) -> None:
    """Called as the application's role, with another company's own grams and patterns: nothing but one's own ids."""
    mine = world.thing(title="两家都有的词")
    theirs = world.jinxiu
    asked = search.question("两家都有的词")
    assert asked is not None
    call = sa.select(
        sa.func.core.search_ids(
            sa.literal(list(asked.patterns), sa.ARRAY(sa.Text)),
            sa.literal(list(asked.grams), sa.ARRAY(sa.BigInteger)),
            sa.literal(None, sa.ARRAY(sa.Text)), sa.literal(None, sa.ARRAY(sa.Uuid)), sa.literal(None, sa.ARRAY(sa.Text)), 100,
        )
    )  # fmt: skip
    with world.anhe.session() as session:
        assert session.scalar(call) == [UUID(mine["id"])]
    with theirs.session() as session:
        assert session.scalar(call) == []
        other = {"id": UUID(int=7), "site_id": None, "number": "X", "title": "两家都有的词"}
        search.put_many(session, world.app.registry.resources["sample.thing"], [other])
        session.flush()
        assert session.scalar(call) == [UUID(int=7)]
    with world.anhe.session() as session:
        assert session.scalar(call) == [UUID(mine["id"])]
    with world.anhe.cell.engine.begin() as connection:  # no company at all
        assert connection.scalar(call) == []


def test_the_role_that_searches_can_do_nothing_else(world: World, shared_database: Any) -> None:
    with psycopg.connect(shared_database.app) as connection:
        for statement in ("SET ROLE dougong_search", "SELECT core.search_ids(NULL, NULL, NULL, NULL, NULL)"):
            with pytest.raises(psycopg.Error), connection.transaction():
                connection.execute(statement)
    with psycopg.connect(shared_database.operator) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT core.search_ids('{x}', '{1}', NULL, NULL, NULL, 1)")
    with psycopg.connect(shared_database.superuser) as connection:
        connection.execute("SET ROLE dougong_search")
        for table in ("core.history", "sample.thing", "core.person", "platform.tenant"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"SELECT FROM {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("DELETE FROM core.search_doc")


def test_without_the_role_the_same_is_found(world: World, shared_database: Any) -> None:
    world.thing(title="没有角色也找得到")
    with psycopg.connect(shared_database.superuser) as connection:
        connection.execute("ALTER FUNCTION core.search_ids OWNER TO dougong_owner")
        connection.commit()
        try:
            with ways(1, 2000):
                assert titles(world, "角色也找") == ["没有角色也找得到"]
                assert titles(world, "角色也找", "manager_s") == []
        finally:
            connection.execute("GRANT CREATE ON SCHEMA core TO dougong_search")
            connection.execute("ALTER FUNCTION core.search_ids OWNER TO dougong_search")
            connection.execute("REVOKE CREATE ON SCHEMA core FROM dougong_search")


def test_a_module_that_is_off_is_not_searched(world: World) -> None:
    world.thing(title="关掉的模块")
    world.anhe.switch("sample", False)
    try:
        assert world.api("manager").get(f"{THINGS}?q=关掉").status_code == 404
    finally:
        world.anhe.switch("sample", True)


def test_rebuilding_brings_back_what_was_lost(world: World) -> None:
    made = world.thing(title="丢了又回来")
    resource = world.app.registry.resources["sample.thing"]
    with world.anhe.cell.session(Bound(world.anhe.tenant)) as session:
        search.drop(session, [UUID(made["id"])])
    assert titles(world, "丢了又") == []
    with world.anhe.cell.session(Bound(world.anhe.tenant)) as session:
        assert search.rebuild(session, resource, missing=True) == 1
    assert titles(world, "丢了又") == ["丢了又回来"]
    with world.anhe.cell.session(Bound(world.anhe.tenant)) as session:
        assert search.rebuild(session, resource, chunk=3) >= 1


ALPHABET = "电梯坏水ab1-% _\\'（"
TEXT = st.text(ALPHABET, min_size=1, max_size=12).map(str.strip).filter(bool)


@pytest.fixture(scope="module")
def heap(world: World) -> dict[str, str]:
    """Forty things with texts of a few characters; id → text as it is searched."""
    import random

    rng, out = random.Random(7), {}
    for _n in range(40):
        text = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(2, 14))).strip() or "x"
        made = world.thing(title=f"~{text}")
        out[made["id"]] = search.normal(f"{made['number']}{search.BETWEEN}{made['title']}")
    return out


@given(query=TEXT, near=st.sampled_from([1, 600]), few=st.sampled_from([0, 2000]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_found_is_what_reading_all_would_find(
    world: World, heap: dict[str, str], query: str, near: int, few: int
) -> None:
    asked = search.question(query)
    wanted = {id for id, text in heap.items() if asked is None or search.fits(asked, text)}
    with ways(near, few):
        found: set[str] = set()
        path: str | None = f"{THINGS}?q={quote(query)}&limit=100&tab=all"
        while path:
            answer = world.api("manager").get(path).json()
            found |= {row["id"] for row in answer["results"]}
            path = answer["next"]
    assert found & set(heap) == wanted


@given(text=st.text(max_size=40), part=st.integers(0, 39), length=st.integers(1, 6))
@settings(max_examples=300)
def test_every_piece_of_a_text_has_grams_that_the_text_has(text: str, part: int, length: int) -> None:
    whole = search.normal(text)
    asked = search.question(whole[part : part + length])
    if asked is not None and search.fits(asked, whole):
        assert set(asked.grams) <= search.grams(whole)
        assert asked.grams
