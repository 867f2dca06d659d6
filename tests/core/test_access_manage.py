"""Administration on the real database: what it changes and refuses, the history it leaves; companies made and read."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from dougong.access import configure, manage
from dougong.access.companies import NewSite, create_company
from dougong.access.desk import Desk
from dougong.access.snapshot import Snapshot
from dougong.access.store import Snapshots, tolerant
from dougong.access.tables import Grant, Role
from dougong.errors import Conflict, Forbidden, Invalid, NotFound
from dougong.plugins import Registry
from dougong.records import history
from dougong.records.tables import History
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.settings import CoreSettings
from dougong.tenancy.tables import Setting, Site, hosts, tenants
from dougong.testing.server import Database
from sqlalchemy import orm

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
SITES = (
    NewSite("anhe", "安禾物业", type="company"),
    NewSite("east", "华东区域", type="region"),
    NewSite("garden", "安禾花园", "east"),
    NewSite("park", "启程产业园", "east"),
)
T = TypeVar("T")


@pytest.fixture(scope="module")
def owner(shared_database: Database) -> Iterator[Cell]:
    cell = Cell(shared_database.owner, pool=2)
    yield cell
    cell.engine.dispose()


class Office:
    """One company and its administrators' desks."""

    def __init__(self, cell: Cell, registry: Registry, tenant: UUID) -> None:
        self.cell, self.registry, self.tenant = cell, registry, tenant
        self.snapshots = Snapshots(cell, registry)

    @property
    def snapshot(self) -> Snapshot:
        self.snapshots.drop(self.tenant)
        return self.snapshots.get(self.tenant)

    def site(self, slug: str) -> UUID:
        return self.snapshot.sites.by_slug[slug].id

    def role(self, slug: str) -> UUID:
        return self.snapshot.roles[slug].id

    def at(self, who: UUID | None, fn: Callable[[Desk], T]) -> T:
        """One transaction at somebody's desk; None is the system's."""
        gate = self.snapshot.gate(who, NOW)
        with self.cell.session(Bound(self.tenant)) as session:
            return fn(Desk(session, gate, self.registry, history.write))

    def hire(self, username: str, role: str, site: str, *, active: bool = True, **more: Any) -> UUID:
        def make(desk: Desk) -> UUID:
            person = manage.create_person(desk, username=username, name=username)
            person.status = "active" if active else "invited"
            desk.session.flush()
            manage.grant(desk, person.id, self.role(role), self.site(site), **more)
            return person.id

        return self.at(None, make)

    def read(self, fn: Callable[[orm.Session], T]) -> T:
        with self.cell.session(Bound(self.tenant)) as session:
            return fn(session)

    def actions(self, kind: str) -> list[str]:
        query = sa.select(History.action).where(History.record_kind == kind).order_by(History.id)
        return self.read(lambda s: list(s.scalars(query)))


_made = 0


@pytest.fixture
def office(owner: Cell, shared_cell: Cell, registry: Registry) -> Office:
    global _made
    _made += 1
    slug = f"anhe{_made}"
    modules = list(registry.modules)
    tenant = create_company(
        owner, registry, slug=slug, name="安禾物业", hosts=[f"{slug}.localhost"], sites=SITES, modules=modules
    )
    return Office(shared_cell, registry, tenant)


def test_a_company_stands_with_sites_roles_and_modules(office: Office, registry: Registry) -> None:
    snapshot = office.snapshot
    assert [n.slug for n in snapshot.sites.ordered()] == ["anhe", "east", "garden", "park"]
    assert [n.depth for n in snapshot.sites.ordered()] == [0, 1, 2, 2]
    assert set(snapshot.roles) == set(registry.roles)
    assert "core.grants.edit" in snapshot.roles["admin"].permissions
    assert snapshot.modules == set(registry.modules)
    assert isinstance(snapshot.settings("core"), CoreSettings)
    assert snapshot.gate(None, NOW).may("core.people.edit", snapshot.sites.root)


def test_how_long_a_company_takes(owner: Cell, registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    taken = []
    for n in range(10):
        begun = time.perf_counter()
        create_company(owner, registry, slug=f"t{n}", name="T", hosts=[f"t{n}.localhost"], sites=SITES)
        taken.append(time.perf_counter() - begun)
    with capsys.disabled():
        print(f"  create_company: median {sorted(taken)[5] * 1000:.1f} ms")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"slug": "Bad slug"}, "slug"),
        ({"hosts": ["a.localhost:80"]}, "hosts.0"),
        ({"hosts": ["evil host"]}, "hosts.0"),
        ({"sites": [NewSite("a", "A"), NewSite("a", "A")]}, "sites.1.slug"),
        ({"sites": [NewSite("a", "A"), NewSite("b", "B", "c")]}, "sites.1.parent"),
        ({"modules": ["nothing"]}, "modules.0"),
        ({"settings": {"nothing": {}}}, "settings.nothing"),
        ({"settings": {"core": {"locale": "fr"}}}, "settings.core"),
    ],
)
def test_a_malformed_company_is_refused_whole(
    owner: Cell, registry: Registry, change: dict[str, Any], path: str
) -> None:
    values: dict[str, Any] = {"slug": "fine", "name": "Fine", "hosts": ["fine.localhost"], **change}
    with pytest.raises(Invalid) as refused:
        create_company(owner, registry, **values)
    assert [e.path for e in refused.value.errors] == [path]
    with owner.platform() as connection:
        assert connection.scalar(sa.select(tenants.c.id).where(tenants.c.slug == values["slug"])) is None


def test_a_taken_host_is_a_conflict_and_leaves_nothing(office: Office, owner: Cell, registry: Registry) -> None:
    with pytest.raises(Conflict):
        create_company(owner, registry, slug="second", name="S", hosts=[f"{office.snapshot.slug}.localhost"])
    with owner.platform() as connection:
        assert connection.scalar(sa.select(tenants.c.id).where(tenants.c.slug == "second")) is None


def test_hosts_lead_to_companies(office: Office, owner: Cell) -> None:
    host = f"{office.snapshot.slug}.localhost"
    assert office.snapshots.peek_host(host) == (False, None)
    assert office.snapshots.tenant_of(host) == office.tenant
    assert office.snapshots.peek_host(host) == (True, office.tenant)
    assert office.snapshots.tenant_of("x" * 5000) is None
    with owner.platform() as connection:
        connection.execute(sa.delete(hosts).where(hosts.c.host == host))
    office.snapshots.forget_hosts()
    assert office.snapshots.tenant_of(host) is None
    with pytest.raises(LookupError):
        office.snapshots.get(UUID(int=7))


def test_the_least_used_snapshots_are_forgotten(office: Office) -> None:
    small = Snapshots(office.cell, office.registry, size=0)
    assert small.get(office.tenant).version > 0
    assert small.peek(office.tenant) is None
    kept = office.snapshots.get(office.tenant)
    assert office.snapshots.get(office.tenant) is kept
    assert office.snapshots.get(office.tenant, newer_than=kept.version - 1) is kept
    assert office.snapshots.get(office.tenant, newer_than=kept.version) is not kept


def test_people_are_made_changed_and_disabled_with_history(office: Office) -> None:
    person = office.at(None, lambda d: manage.create_person(d, username=" Li.Lei ", name="李", phone="13800000000"))
    assert (person.username, person.status) == ("li.lei", "invited")
    for wrong, path in (
        ({"username": "li.lei"}, "username"),
        ({"username": "a b"}, "username"),
        ({"name": " "}, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            office.at(None, lambda d, w=wrong: manage.create_person(d, **{"username": "new", "name": "N", **w}))  # type: ignore[misc]
        assert [e.path for e in refused.value.errors] == [path]
    office.at(None, lambda d: manage.change_person(d, person.id, name="李雷", phone=None))
    secret = office.at(None, lambda d: manage.invite_person(d, person.id))
    assert len(secret) == 43
    office.at(None, lambda d: manage.disable_person(d, person.id))
    assert not office.snapshot.people[person.id].active
    office.at(None, lambda d: manage.enable_person(d, person.id))
    assert office.snapshot.people[person.id].status == "invited"
    assert office.actions("core.person") == ["create", "edit", "invite", "disable", "enable"]
    assert office.read(lambda s: history.verify(s, "core.person", person.id))
    said = office.read(lambda s: str(s.scalars(sa.select(History.changes)).all()))
    assert "13800000000" not in said


def test_grants_hold_in_the_next_snapshot_and_are_checked(office: Office) -> None:
    pm = office.hire("pm", "project_manager", "garden", ends_at=NOW + dt.timedelta(days=1))
    assert office.snapshot.gate(pm, NOW).may("core.people.read", office.site("garden"))
    assert not office.snapshot.gate(pm, NOW + dt.timedelta(days=1)).may("core.people.read", office.site("garden"))
    role, site, other = office.role("service_agent"), office.site("park"), UUID(int=5)
    for values, path in (
        ((other, role, site, {}), "person_id"),
        ((pm, other, site, {}), "role_id"),
        ((pm, role, other, {}), "site_id"),
        ((pm, role, site, {"starts_at": NOW, "ends_at": NOW}), "ends_at"),
        ((pm, role, site, {"ends_at": NOW - dt.timedelta(days=1)}), "ends_at"),
        ((pm, role, site, {"note": "x" * 301}), "note"),
    ):
        with pytest.raises(Invalid) as refused:
            office.at(None, lambda d, v=values: manage.grant(d, v[0], v[1], v[2], **v[3]))  # type: ignore[misc]
        assert [e.path for e in refused.value.errors] == [path]
    grant = office.read(lambda s: s.scalars(sa.select(Grant.id).where(Grant.person_id == pm)).one())
    office.at(None, lambda d: manage.revoke(d, grant))
    assert not office.snapshot.gate(pm, NOW).may("core.people.read", office.site("garden"))
    with pytest.raises(NotFound):
        office.at(None, lambda d: manage.revoke(d, grant))
    assert office.actions("core.grant") == ["create", "revoke"]


def local_admin(office: Office) -> tuple[UUID, UUID]:
    """Somebody who gives roles at the park, and may there what a project manager may."""
    office.at(None, lambda d: configure.create_role(
        d, slug="site_admin", name="项目管理员", permissions=["core.people.edit", "core.grants.edit", "core.people.read"]
    ))  # fmt: skip
    me = office.hire("local", "site_admin", "park")
    boss = office.hire("boss", "admin", "anhe")
    return me, boss


def test_nobody_gives_what_they_do_not_hold_or_where_they_do_not_rule(office: Office) -> None:
    me, boss = local_admin(office)
    new = office.at(me, lambda d: manage.create_person(d, username="new", name="New"))
    park, garden = office.site("park"), office.site("garden")
    office.at(me, lambda d: manage.grant(d, new.id, office.role("site_admin"), park))
    for role, site in (("site_admin", garden), ("admin", park), ("admin", garden), ("project_manager", park)):
        with pytest.raises(Forbidden):
            office.at(me, lambda d, r=role, s=site: manage.grant(d, new.id, office.role(r), s))  # type: ignore[misc]
    for act in (manage.invite_person, manage.disable_person):
        with pytest.raises(Forbidden):  # whoever resets the administrator's password is the administrator
            office.at(me, lambda d, a=act: a(d, boss))  # type: ignore[misc]
    with pytest.raises(Forbidden):
        office.at(me, lambda d: manage.change_person(d, boss, name="X"))
    theirs = office.read(lambda s: s.scalars(sa.select(Grant.id).where(Grant.person_id == boss)).one())
    with pytest.raises(NotFound):
        office.at(me, lambda d: manage.revoke(d, theirs))
    office.at(boss, lambda d: manage.grant(d, new.id, office.role("project_manager"), garden))
    with pytest.raises(Forbidden):
        office.at(me, lambda d: manage.invite_person(d, new.id))
    office.at(boss, lambda d: manage.disable_person(d, me))
    with pytest.raises(Forbidden):
        office.at(me, lambda d: manage.create_person(d, username="late", name="Late"))


def test_a_limited_token_of_an_administrator_cannot_administer(office: Office) -> None:
    _me, boss = local_admin(office)
    gate = office.snapshot.gate(boss, NOW, only=("core.people.*",))
    role, site = office.role("client"), office.site("park")
    with office.cell.session(Bound(office.tenant)) as session:
        desk = Desk(session, gate, office.registry, history.write)
        with pytest.raises(Forbidden) as refused:
            manage.grant(desk, boss, role, site)
    assert refused.value.extra["explanation"].allowed is False


def test_a_token_for_grants_alone_gives_only_what_it_may_itself(office: Office) -> None:
    admin = office.hire("admin2", "admin", "anhe")
    agent = office.hire("agent2", "service_agent", "garden")
    for scope, may in ((("core.grants.*",), False), (("*",), True)):
        gate = office.snapshot.gate(admin, NOW, scope)
        with office.cell.session(Bound(office.tenant)) as session:
            desk = Desk(session, gate, office.registry, history.write)
            if may:
                manage.grant(desk, agent, office.role("project_manager"), office.site("garden"))
            else:
                with pytest.raises(Forbidden):
                    manage.grant(desk, agent, office.role("project_manager"), office.site("garden"))


def test_the_last_administrator_stays(office: Office) -> None:
    boss = office.hire("boss", "admin", "anhe")
    grant = office.read(lambda s: s.scalars(sa.select(Grant.id).where(Grant.person_id == boss)).one())
    with pytest.raises(Conflict):
        office.at(boss, lambda d: manage.revoke(d, grant))
    with pytest.raises(Conflict):
        office.at(boss, lambda d: manage.disable_person(d, boss))
    second = office.hire("second", "admin", "anhe")
    office.at(second, lambda d: manage.revoke(d, grant))
    with pytest.raises(Conflict):
        office.at(second, lambda d: configure.set_permissions(d, office.role("admin"), ["core.people.read"]))


def test_roles_are_stored_as_the_difference_from_the_defaults(office: Office) -> None:
    boss = office.hire("boss", "admin", "anhe")
    role = office.role("project_manager")
    declared = office.snapshot.roles["project_manager"].permissions
    wanted = (declared - {"core.grants.read"}) | {"core.explain"}
    office.at(boss, lambda d: configure.set_permissions(d, role, wanted))
    assert office.snapshot.roles["project_manager"].permissions == wanted
    office.at(boss, lambda d: configure.set_permissions(d, role, declared))
    assert office.snapshot.roles["project_manager"].permissions == declared
    with pytest.raises(Invalid):
        office.at(boss, lambda d: configure.set_permissions(d, role, ["no.such.thing"]))
    office.at(None, lambda d: configure.create_role(d, slug="editor", name="E", permissions=["core.roles.edit"]))
    editor = office.hire("editor", "editor", "anhe")
    with pytest.raises(Forbidden):
        office.at(
            editor, lambda d: configure.set_permissions(d, office.role("editor"), ["core.roles.edit", "core.explain"])
        )
    for wrong, path in (
        ({"slug": "admin"}, "slug"),
        ({"slug": "A b"}, "slug"),
        ({"level": 100}, "level"),
        ({"name": ""}, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            office.at(None, lambda d, w=wrong: configure.create_role(d, **{"slug": "fresh", "name": "F", **w}))  # type: ignore[misc]
        assert [e.path for e in refused.value.errors] == [path]
    assert office.read(lambda s: s.scalar(sa.select(Role.id).where(Role.slug == "fresh"))) is None


def test_modules_are_switched_for_the_company_and_for_a_site(office: Office) -> None:
    garden = office.site("garden")
    office.at(None, lambda d: configure.switch_module_at(d, "complaints", garden, False))
    assert not office.snapshot.module_on("complaints", garden)
    assert office.snapshot.module_on("complaints", office.site("park"))
    office.at(None, lambda d: configure.switch_module_at(d, "complaints", garden, True))
    assert office.snapshot.module_on("complaints", garden)
    office.at(None, lambda d: configure.switch_module(d, "complaints", False))
    office.at(None, lambda d: configure.switch_module(d, "complaints", False))
    assert not office.snapshot.module_on("complaints")
    office.at(None, lambda d: configure.switch_module(d, "complaints", True))
    assert office.snapshot.module_on("complaints", garden)
    assert office.actions("core.module") == ["off at site", "on at site", "off", "on"]
    for name in ("core", "nothing"):
        with pytest.raises(NotFound):
            office.at(None, lambda d, n=name: configure.switch_module(d, n, False))  # type: ignore[misc]


def test_settings_are_checked_kept_as_differences_and_survive_nonsense(office: Office) -> None:
    office.at(None, lambda d: configure.change_settings(d, "core", {"brand": "#123456", "locale": "zh"}))
    stored = sa.select(Setting.value).where(Setting.module == "core")
    assert office.read(lambda s: s.scalar(stored)) == {"brand": "#123456"}
    with pytest.raises(Invalid) as refused:
        office.at(None, lambda d: configure.change_settings(d, "core", {"brand": "red"}))
    assert [e.path for e in refused.value.errors] == ["brand"]
    with pytest.raises(NotFound):
        office.at(None, lambda d: configure.change_settings(d, "nothing", {}))
    nonsense = {"brand": "#654321", "locale": "fr", "gone": 1}
    office.read(lambda s: s.execute(sa.update(Setting).values(value=nonsense)))
    snapshot = office.snapshot
    assert snapshot.settings("core") == CoreSettings(brand="#654321")
    assert "locale" in snapshot.problems["core"]
    assert "gone" in snapshot.problems["core"]
    assert tolerant(CoreSettings, {}) == (CoreSettings(), "")


def test_what_hangs_on_a_closed_site_is_administered_from_above(office: Office) -> None:
    me, boss = local_admin(office)
    pm = office.hire("pm", "site_admin", "park")
    office.read(lambda s: s.execute(sa.update(Site).where(Site.slug == "park").values(active=False)))
    assert not office.snapshot.gate(me, NOW).may("core.grants.edit", office.site("park"))
    grant = office.read(lambda s: s.scalars(sa.select(Grant.id).where(Grant.person_id == pm)).one())
    with pytest.raises(NotFound):
        office.at(me, lambda d: manage.revoke(d, grant))
    office.at(boss, lambda d: manage.disable_person(d, pm))
    office.at(boss, lambda d: manage.revoke(d, grant))


def test_deputies_stand_in_for_a_while(office: Office) -> None:
    pm, agent = office.hire("pm", "project_manager", "garden"), office.hire("agent", "service_agent", "garden")
    end = NOW + dt.timedelta(days=2)
    for deputy, ends, path in ((pm, end, "deputy_id"), (agent, NOW, "ends_at")):
        with pytest.raises(Invalid) as refused:
            office.at(pm, lambda d, x=deputy, e=ends: manage.appoint_deputy(d, pm, x, starts_at=NOW, ends_at=e))  # type: ignore[misc]
        assert [e.path for e in refused.value.errors] == [path]
    with pytest.raises(Forbidden):
        office.at(agent, lambda d: manage.appoint_deputy(d, pm, agent, starts_at=NOW, ends_at=end))
    made = office.at(pm, lambda d: manage.appoint_deputy(d, pm, agent, starts_at=NOW, ends_at=end))
    garden = office.site("garden")
    assert [p.id for p in office.snapshot.who("project_manager", garden, NOW)] == [agent]
    assert [p.id for p in office.snapshot.who("project_manager", garden, end)] == [pm]
    assert not office.snapshot.gate(agent, NOW).may("core.people.read", garden), "it gives no rights"
    with pytest.raises(Forbidden):
        office.at(agent, lambda d: manage.dismiss_deputy(d, made.id))
    office.at(pm, lambda d: manage.dismiss_deputy(d, made.id))
    assert [p.id for p in office.snapshot.who("project_manager", garden, NOW)] == [pm]


def test_two_administrators_cannot_remove_each_other_at_once(office: Office, shared_database: Database) -> None:
    one, two = office.hire("one", "admin", "anhe"), office.hire("two", "admin", "anhe")
    gates = {who: office.snapshot.gate(who, NOW) for who in (one, two)}

    def disable(by: UUID, whom: UUID, then: Callable[[], None]) -> None:
        with office.cell.session(Bound(office.tenant)) as session:
            manage.disable_person(Desk(session, gates[by], office.registry, history.write), whom)
            session.flush()
            then()

    def until_the_other_waits() -> None:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        with psycopg.connect(shared_database.superuser, autocommit=True) as connection:
            while not other.done() and connection.execute(waiting).fetchone() == (0,):
                pass

    with ThreadPoolExecutor(1) as threads:
        other: Future[None]

        def start_the_other() -> None:
            nonlocal other
            other = threads.submit(disable, two, one, lambda: None)
            until_the_other_waits()

        disable(one, two, start_the_other)
        with pytest.raises(Conflict):
            other.result()
