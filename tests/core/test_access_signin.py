"""Signing in, links, tokens and their end, on the real database as the application's role."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access import invitations, passwords, signin, tokens
from dougong.access.companies import create_company
from dougong.access.sessions import Sessions, token_of
from dougong.access.store import Snapshots
from dougong.access.tables import Attempt, Credential, Invitation, Person, Session, Token
from dougong.errors import Conflict, Invalid, NotFound, TooMany, Unauthorized
from dougong.plugins import Registry
from dougong.tenancy.cells import Bound, Cell, SignedOut, Stale
from dougong.testing.server import Database
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import orm

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
PASSWORD = "garden-pump-seven"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its least cost: what is tested here is not how long it takes."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
    passwords._nobody.cache_clear()


class Place:
    """A company of its own for each test, and a person in it."""

    def __init__(self, cell: Cell, tenant: UUID) -> None:
        self.cell, self.tenant = cell, tenant
        self.person = self.do(lambda s: self._person(s, "agent.garden"))

    def do(self, fn: Callable[[orm.Session], Any]) -> Any:
        with self.cell.session(Bound(self.tenant)) as session:
            return fn(session)

    def _person(self, session: orm.Session, username: str) -> UUID:
        person = Person(username=username, name="客服专员", status="active", created_at=NOW)
        session.add(person)
        session.flush()
        signin.set_password(session, person, PASSWORD, now=NOW)
        return person.id

    def sign_in(
        self,
        username: str = "agent.garden",
        password: str = PASSWORD,
        *,
        address: str = "10.0.0.1",
        at: dt.datetime = NOW,
        **more: Any,
    ) -> tuple[str, Session]:
        found: tuple[str, Session] = self.do(
            lambda s: signin.sign_in(s, username, password, address=address, agent="test", now=at, **more)
        )
        return found

    def count(self, table: Any) -> int:
        found: int = self.do(lambda s: s.scalar(sa.select(sa.func.count()).select_from(table)))
        return found


@pytest.fixture(scope="module")
def owner(shared_database: Database) -> Iterator[Cell]:
    cell = Cell(shared_database.owner, pool=2)
    yield cell
    cell.engine.dispose()


_made = 0


@pytest.fixture
def place(owner: Cell, shared_cell: Cell, registry: Registry) -> Place:
    global _made
    _made += 1
    tenant = create_company(owner, registry, slug=f"c{_made}", name="安禾物业", hosts=[f"c{_made}.localhost"])
    return Place(shared_cell, tenant)


def test_a_sign_in_makes_a_session_whose_cookie_is_stored_nowhere(place: Place) -> None:
    cookie, session = place.sign_in(" Agent.Garden ")
    assert session.person_id == place.person
    assert session.expires_at == NOW + dt.timedelta(days=14)
    assert len(cookie) == 43
    assert cookie not in str(place.do(lambda s: s.execute(sa.select(Session.__table__)).all()))
    again, second = place.sign_in(replaces=session.id)
    assert again != cookie
    assert place.do(lambda s: list(s.scalars(sa.select(Session.id)))) == [second.id]


def test_a_refusal_does_not_say_which_was_wrong(place: Place) -> None:
    words = set()
    for username, password in (("agent.garden", "wrong-password"), ("nobody", PASSWORD), ("a\0b", "x"), ("", "")):
        with pytest.raises(Unauthorized) as refused:
            place.sign_in(username, password)
        words.add(str(refused.value.detail))
    assert len(words) == 1
    place.do(lambda s: s.execute(sa.update(Person).values(status="disabled")))
    with pytest.raises(Unauthorized) as refused:
        place.sign_in()
    assert {str(refused.value.detail)} == words


def test_unknown_names_cost_a_hash_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str | None] = []
    verify = passwords.verify

    def noted(password: str, stored: str | None) -> tuple[bool, str | None]:
        hashed.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "verify", noted)
    with pytest.raises(Unauthorized):
        place.sign_in("nobody", PASSWORD)
    assert hashed == [None]
    assert passwords.verify(PASSWORD, None) == (False, None)


def test_five_failures_close_a_name_for_a_quarter_of_an_hour(place: Place) -> None:
    for n in range(5):
        with pytest.raises(Unauthorized):
            place.sign_in("agent.garden", "wrong-password", address=f"10.0.1.{n}")
    with pytest.raises(TooMany):
        place.sign_in(address="10.0.2.1")
    with pytest.raises(TooMany):
        place.sign_in(at=NOW + 15 * MINUTE - dt.timedelta(seconds=1))
    with pytest.raises(Unauthorized):
        place.sign_in("agent.garden", "wrong-password", at=NOW + 15 * MINUTE)
    assert place.count(Attempt) == 2, "what no longer counts is swept up"
    place.sign_in(at=NOW + 15 * MINUTE)
    assert place.count(Attempt) == 1, "a success forgets the failures of the name; that of the address stays"


def test_thirty_failures_close_an_address_whatever_the_names(place: Place) -> None:
    for n in range(30):
        with pytest.raises(Unauthorized):
            place.sign_in(f"name{n}", "wrong-password", address=f"2001:db8::{n:x}")
    with pytest.raises(TooMany):
        place.sign_in(address="2001:db8::ffff")
    place.sign_in(address="2001:db8:1::1")


def test_attempts_at_one_name_do_not_overlap(place: Place) -> None:
    with place.cell.session(Bound(place.tenant)) as first:
        signin._throttle(first, "agent.garden", "10.0.0.1", NOW)
        with pytest.raises(TooMany):
            place.sign_in()
    place.sign_in()


def test_demo_passwords_open_only_a_demo(place: Place) -> None:
    place.do(lambda s: s.execute(sa.update(Credential).values(demo=True)))
    with pytest.raises(Unauthorized):
        place.sign_in()
    place.sign_in(allow_demo=True)


def test_a_signed_out_session_fails_at_the_next_begin(place: Place) -> None:
    _cookie, session = place.sign_in()
    bound = Bound(place.tenant, session=session.id)
    with place.cell.session(bound):
        pass
    place.do(lambda s: signin.sign_out(s, session.id))
    with pytest.raises(SignedOut), place.cell.session(bound) as again:
        again.execute(sa.select(1))


def test_changing_the_password_ends_the_other_sessions(place: Place) -> None:
    _c1, mine = place.sign_in()
    _c2, other = place.sign_in()
    new = "another-long-one"

    def change(old: str, wanted: str) -> None:
        place.do(
            lambda s: signin.change_password(s, place.person, old, wanted, address="10.0.0.1", now=NOW, keep=mine.id)
        )

    for old, wanted, path in ((PASSWORD, "short", "new"), ("wrong-one-here", new, "old"), (PASSWORD, PASSWORD, "new")):
        with pytest.raises(Invalid) as refused:
            change(old, wanted)
        assert [e.path for e in refused.value.errors] == [path]
    change(PASSWORD, new)
    assert place.do(lambda s: list(s.scalars(sa.select(Session.id)))) == [mine.id]
    assert other.id != mine.id
    with pytest.raises(Unauthorized):
        place.sign_in()
    place.sign_in(password=new)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short-one", False),
        ("x" * 201, False),
        ("1234567890", False),
        ("aaaaaaaaaaaa", False),
        ("agent.garden1", False),
        ("nul\0nul\0nul", False),
        ("four plain words here", True),
        ("物业管理有限公司门口的石狮子", True),
    ],
)
def test_which_passwords_are_good_enough(password: str, good: bool) -> None:
    assert (passwords.weakness(password, "agent.garden") is None) is good


def test_a_link_sets_a_password_once(place: Place) -> None:
    place.do(lambda s: s.execute(sa.update(Person).values(status="invited")))
    with pytest.raises(Unauthorized):
        place.sign_in()
    old = place.do(lambda s: invitations.invite(s, place.person, now=NOW))
    secret = place.do(lambda s: invitations.invite(s, place.person, now=NOW))
    assert place.do(lambda s: invitations.pending(s, secret, now=NOW)).id == place.person
    for wrong, at in ((old, NOW), ("x", NOW), (secret, NOW + dt.timedelta(days=7))):
        with pytest.raises(NotFound):
            place.do(lambda s, w=wrong, a=at: invitations.accept(s, w, "a-new-password", now=a))  # type: ignore[misc]
    with pytest.raises(Invalid):
        place.do(lambda s: invitations.accept(s, secret, "short", now=NOW))
    place.do(lambda s: invitations.accept(s, secret, "a-new-password", now=NOW))
    with pytest.raises(NotFound):
        place.do(lambda s: invitations.accept(s, secret, "b-new-password", now=NOW))
    place.sign_in(password="a-new-password")
    place.do(lambda s: s.execute(sa.update(Person).values(status="disabled")))
    with pytest.raises(Conflict):
        place.do(lambda s: invitations.invite(s, place.person, now=NOW))


def test_a_password_change_voids_open_links(place: Place) -> None:
    secret = place.do(lambda s: invitations.invite(s, place.person, now=NOW, purpose="reset"))
    place.sign_in()  # the old password holds until the link is used
    place.do(
        lambda s: signin.set_password(s, s.get_one(Person, (place.tenant, place.person)), "a-new-password", now=NOW)
    )
    with pytest.raises(NotFound):
        place.do(lambda s: invitations.pending(s, secret, now=NOW))


def test_tokens_live_in_the_snapshot_and_end_with_it(place: Place, registry: Registry) -> None:
    snapshots = Snapshots(place.cell, registry)
    before = snapshots.get(place.tenant)
    known = {"a.x.read", "a.x.edit"}

    def create(**more: Any) -> str:
        values = {"name": "Export", "scope": ["a.x.*"], "ends": NOW + dt.timedelta(days=30), **more}
        found: str = place.do(lambda s: tokens.token_create(s, place.person, now=NOW, permissions=known, **values))
        return found

    for wrong, path in (
        ({"name": " "}, "name"),
        ({"scope": []}, "scope"),
        ({"scope": ["a.x.read", "b.*"]}, "scope.1"),
        ({"ends": NOW}, "ends"),
        ({"ends": NOW + dt.timedelta(days=367)}, "ends"),
    ):
        with pytest.raises(Invalid) as refused:
            create(**wrong)
        assert [e.path for e in refused.value.errors] == [path]
    bearer = create()
    assert bearer.startswith("dgt_")
    with pytest.raises(Stale), place.cell.session(Bound(place.tenant, before.version)) as session:
        session.execute(sa.select(1))
    snapshot = snapshots.get(place.tenant, newer_than=before.version)
    found = token_of(snapshot, bearer, NOW)
    assert found is not None
    assert (found.person, found.scope) == (place.person, ("a.x.*",))
    assert token_of(snapshot, bearer, NOW + dt.timedelta(days=30)) is None
    assert token_of(snapshot, "dgt_x", NOW) is None
    assert token_of(snapshot, "x", NOW) is None
    with pytest.raises(NotFound):
        place.do(lambda s: tokens.token_revoke(s, found.id, now=NOW, person_id=UUID(int=1)))
    place.do(lambda s: tokens.token_revoke(s, found.id, now=NOW, person_id=place.person))
    assert token_of(snapshots.get(place.tenant, newer_than=snapshot.version), bearer, NOW) is None
    assert place.count(Token) == 1


def test_sessions_are_found_in_memory_and_end_when_idle(place: Place) -> None:
    cookie, row = place.sign_in()

    async def story() -> None:
        await place.cell.open()
        try:
            kept = Sessions(size=2)
            view = await kept.session_of(place.cell, place.tenant, cookie, NOW)
            assert view is not None
            assert (view.id, view.person, view.due(NOW)) == (row.id, place.person, False)
            assert await kept.session_of(place.cell, place.tenant, cookie, NOW) is view
            assert await kept.session_of(place.cell, place.tenant, "x", NOW) is None
            assert await kept.session_of(place.cell, UUID(int=1), cookie, NOW) is None
            later = NOW + dt.timedelta(hours=11)
            assert view.due(later)
            kept.seen(view, later)
            await asyncio.to_thread(place.do, lambda s: signin.touch(s, row.id, later))
            idle = NOW + dt.timedelta(hours=22)
            assert await kept.session_of(place.cell, place.tenant, cookie, idle) is not None
            other = Sessions()
            assert await other.session_of(place.cell, place.tenant, cookie, idle) is not None
            ended = later + dt.timedelta(hours=12)
            assert await kept.session_of(place.cell, place.tenant, cookie, ended) is None
            await asyncio.to_thread(place.do, lambda s: signin.sweep(s, ended))
        finally:
            await place.cell.close()

    asyncio.run(story())
    assert place.count(Session) == 0
    assert place.count(Invitation) == 0


def test_whoever_signs_in_sweeps_up_what_has_ended(place: Place) -> None:
    with pytest.raises(Unauthorized):
        place.sign_in(password="wrong-but-long")
    place.sign_in()
    place.do(lambda s: invitations.invite(s, place.person, now=NOW))
    place.sign_in(at=NOW + dt.timedelta(days=60))
    assert (place.count(Session), place.count(Attempt), place.count(Invitation)) == (1, 0, 0)
