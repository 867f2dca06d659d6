"""The decision: every combination that the design speaks of, at the exact moments, and how long it takes."""

from __future__ import annotations

import datetime as dt
import itertools
import timeit
from dataclasses import replace
from uuid import UUID

import pytest
from dougong.access.explain import ask
from dougong.access.people import Person
from dougong.access.roles import RoleDefault, RoleView, effective, expand
from dougong.access.snapshot import DeputyView, GrantView, Rows, Snapshot
from dougong.errors import NotFound
from dougong.tenancy.sites import SiteNode, SiteTree

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
READ, CLOSE = "complaints.complaint.read", "complaints.complaint.close"
_ids = itertools.count(1)


def new() -> UUID:
    return UUID(int=next(_ids))


COMPANY, EAST, GARDEN, PARK, NORTH, LAKE = (new() for _ in range(6))
TREE = SiteTree(
    [
        SiteNode(GARDEN, EAST, "garden", "安禾花园"),
        SiteNode(COMPANY, None, "anhe", "安禾", "company"),
        SiteNode(EAST, COMPANY, "east", "华东", "region"),
        SiteNode(PARK, EAST, "park", "启程产业园", position=1),
        SiteNode(NORTH, COMPANY, "north", "华北", "region", position=1),
        SiteNode(LAKE, NORTH, "lake", "湖畔"),
    ]
)
ALL = (COMPANY, EAST, GARDEN, PARK, NORTH, LAKE)


def role(slug: str, level: int, *permissions: str) -> RoleView:
    return RoleView(new(), slug, level=level, permissions=frozenset(permissions))


ROLES = {
    r.slug: r
    for r in (
        role("general_manager", 90, READ),
        role("regional_director", 70, READ, CLOSE),
        role("project_manager", 60, READ, CLOSE, "work.order.read"),
        role("service_lead", 40, READ),
        role("service_agent", 20, READ),
        role("resident", 0, READ),
        role("admin", 0, "core.people.edit", "core.explain"),
    )
}


class Company:
    """People by name and grants as short calls."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.grants: list[GrantView] = []
        self.rows = Rows(
            new(), "anhe", "安禾", "active", 1, TREE, modules=frozenset({"complaints", "work"}), roles=ROLES
        )

    def give(
        self,
        name: str,
        role: str,
        site: UUID,
        relation: str | None = None,
        starts: dt.datetime | None = None,
        ends: dt.datetime | None = None,
    ) -> UUID:
        person = self.people.setdefault(name, Person(new(), name, name))
        self.grants.append(GrantView(new(), person.id, role, site, relation, starts, ends))
        return person.id

    def snapshot(self, **changes: object) -> Snapshot:
        people = {p.id: p for p in self.people.values()}
        return Snapshot(replace(self.rows, **{"people": people, "grants": tuple(self.grants), **changes}))  # type: ignore[arg-type]


@pytest.fixture
def company() -> Company:
    return Company()


def sites(snapshot: Snapshot, person: UUID, permission: str = READ, at: dt.datetime = NOON, **more: object) -> set[str]:
    gate = snapshot.gate(person, at, **more)  # type: ignore[arg-type]
    assert gate.scope(permission).free == {s for s in ALL if gate.may(permission, s)}
    return {TREE.node(s).slug for s in gate.scope(permission).free}


@pytest.mark.parametrize(
    ("at", "slugs"),
    [
        (COMPANY, {"anhe", "east", "garden", "park", "north", "lake"}),
        (EAST, {"east", "garden", "park"}),
        (GARDEN, {"garden"}),
    ],
)
def test_a_grant_opens_its_subtree_and_nothing_else(company: Company, at: UUID, slugs: set[str]) -> None:
    me = company.give("me", "service_agent", at)
    assert sites(company.snapshot(), me) == slugs
    assert sites(company.snapshot(), me, CLOSE) == set()


def test_from_is_inclusive_and_until_exclusive_on_one_snapshot(company: Company) -> None:
    me = company.give("me", "service_agent", GARDEN, starts=NOON, ends=NOON + 60 * SECOND)
    snapshot = company.snapshot()
    for at, allowed in (
        (NOON - SECOND, False),
        (NOON, True),
        (NOON + 59 * SECOND, True),
        (NOON + 60 * SECOND - dt.timedelta(microseconds=1), True),
        (NOON + 60 * SECOND, False),
        (NOON, True),
        (NOON - dt.timedelta(microseconds=1), False),
    ):
        assert snapshot.gate(me, at).may(READ, GARDEN) is allowed, at
    assert snapshot.gate(me, NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))).may(READ, GARDEN)


def test_two_roles_at_two_sites_do_not_combine(company: Company) -> None:
    me = company.give("me", "project_manager", GARDEN)
    company.give("me", "service_agent", PARK)
    assert sites(company.snapshot(), me, READ) == {"garden", "park"}
    assert sites(company.snapshot(), me, CLOSE) == {"garden"}


def test_a_limited_grant_stays_limited_beside_a_free_one(company: Company) -> None:
    me = company.give("me", "resident", EAST, relation="mine")
    company.give("me", "service_agent", PARK)
    gate = company.snapshot().gate(me, NOON)
    assert gate.scope(READ).free == {PARK}
    assert gate.scope(READ).related == (("mine", frozenset({EAST, GARDEN})),)
    assert not gate.may(READ, GARDEN)
    assert not gate.may(READ, GARDEN, frozenset({"trade"}))
    assert gate.may(READ, GARDEN, frozenset({"mine"}))
    assert not gate.may(READ, LAKE, frozenset({"mine"}))
    assert gate.may(READ, None)


def test_the_cores_own_permissions_know_no_relation(company: Company) -> None:
    me = company.give("me", "admin", COMPANY, relation="mine")
    assert not company.snapshot().gate(me, NOON).may("core.people.edit", GARDEN, frozenset({"mine"}))
    assert not company.snapshot().gate(me, NOON).may("core.people.edit", None)


def test_modules_off_for_the_company_or_below_a_site(company: Company) -> None:
    me = company.give("me", "project_manager", COMPANY)
    off = company.snapshot(modules=frozenset({"work"}))
    assert sites(off, me) == set()
    assert not off.gate(me, NOON).may(READ, None)
    assert not off.gate(None, NOON).may(READ, GARDEN)
    part = company.snapshot(off=frozenset({("complaints", EAST)}))
    assert sites(part, me) == {"anhe", "north", "lake"}
    assert sites(part, me, "work.order.read") == {"anhe", "east", "garden", "park", "north", "lake"}
    assert part.module_on("complaints")
    assert not part.module_on("complaints", PARK)
    assert part.module_on("core", PARK)
    assert not part.gate(None, NOON).may(READ, PARK)
    assert part.gate(None, NOON).may(READ, LAKE)


def test_closed_sites_disabled_people_and_strangers_get_nothing(company: Company) -> None:
    me = company.give("me", "project_manager", COMPANY)
    nodes = [replace(n, active=n.id != EAST) for n in TREE.ordered()]
    assert sites(company.snapshot(sites=SiteTree(nodes)), me) == {"anhe", "north", "lake"}
    people = {me: replace(company.people["me"], status="disabled")}
    for person in (me, new()):
        gate = company.snapshot(people=people).gate(person, NOON)
        assert not any(gate.may(READ, s) for s in (*ALL, None))
        assert not gate.system
    assert not company.snapshot().gate(me, NOON).may(READ, new())


def test_a_circle_of_sites_is_nowhere() -> None:
    a, b, c = new(), new(), new()
    tree = SiteTree([SiteNode(a, b, "a", "A"), SiteNode(b, a, "b", "B"), SiteNode(c, None, "c", "C")])
    assert tree.root == c
    assert tree.ordered() == [tree.node(c)]
    assert tree.subtree(a) == frozenset()
    assert tree.ancestors(a) == ()


def test_a_tokens_scope_narrows_and_never_widens(company: Company) -> None:
    me = company.give("me", "project_manager", GARDEN)
    snapshot = company.snapshot()
    assert sites(snapshot, me, READ, only=("complaints.*",)) == {"garden"}
    assert sites(snapshot, me, "work.order.read", only=("complaints.*",)) == set()
    assert sites(snapshot, me, CLOSE, only=(READ,)) == set()
    assert sites(snapshot, me, "core.people.edit", only=("*",)) == set()
    assert sites(snapshot, me, CLOSE) == {"garden"}
    assert not snapshot.gate(None, NOON, only=("work.*",)).may(READ, GARDEN)


def test_roles_are_defaults_with_the_companys_changes() -> None:
    known = ["a.x.read", "a.x.edit", "b.y.read"]
    declared = RoleDefault("r", ("a.x.*",))
    assert expand(("*", "z.gone"), known) == {*known, "z.gone"}
    assert effective(declared, {}, known) == {"a.x.read", "a.x.edit"}
    assert effective(declared, {"a.x.edit": False, "b.y.read": True}, known) == {"a.x.read", "b.y.read"}
    assert effective(None, {"b.y.read": True}, known) == {"b.y.read"}


def staffed(company: Company) -> dict[str, UUID]:
    return {
        "gm": company.give("gm", "general_manager", COMPANY),
        "east": company.give("east", "regional_director", EAST),
        "north": company.give("north", "regional_director", NORTH),
        "pm": company.give("pm", "project_manager", GARDEN),
        "pm2": company.give("pm2", "project_manager", PARK),
        "lead": company.give("lead", "service_lead", GARDEN),
        "agent": company.give("agent", "service_agent", GARDEN),
        "resident": company.give("resident", "resident", GARDEN, relation="mine"),
    }


def test_the_chain_is_me_and_everybody_above_me(company: Company) -> None:
    ids = staffed(company)
    names = {id: name for name, id in ids.items()}
    snapshot = company.snapshot()

    def chain(name: str, at: dt.datetime = NOON) -> set[str]:
        found = snapshot.gate(ids[name], at).chain()
        assert found[0] == ids[name]
        return {names[id] for id in found}

    assert chain("agent") == {"agent", "lead", "pm", "east", "gm"}
    assert chain("pm") == {"pm", "east", "gm"}
    assert chain("north") == {"north", "gm"}
    assert chain("gm") == {"gm"}
    assert chain("resident") == {"resident"}, "a resident is nobody's subordinate"
    assert snapshot.gate(None, NOON).chain() == ()
    company.give("pm2", "service_lead", GARDEN, starts=NOON + SECOND, ends=NOON + 2 * SECOND)
    snapshot = company.snapshot()
    assert "pm2" not in chain("agent")
    assert "pm2" in chain("agent", NOON + SECOND)
    assert "pm2" not in chain("agent", NOON + 2 * SECOND)


def test_who_and_line_go_up_the_tree_with_deputies(company: Company) -> None:
    ids = staffed(company)
    company.give("acting", "project_manager", EAST)
    company.give("stand-in", "service_agent", LAKE)
    deputy = company.people["stand-in"].id
    away = DeputyView(ids["pm"], deputy, NOON, NOON + SECOND)
    snapshot = company.snapshot(deputies=(away,))

    def who(role: str, site: UUID, at: dt.datetime = NOON - SECOND) -> list[str]:
        return [p.name for p in snapshot.who(role, site, at)]

    assert who("project_manager", GARDEN) == ["pm", "acting"]
    assert who("project_manager", GARDEN, NOON) == ["stand-in", "acting"]
    assert who("project_manager", GARDEN, NOON + SECOND) == ["pm", "acting"]
    assert who("project_manager", LAKE) == []
    assert who("nobody", GARDEN) == []
    line = [(slug, [p.name for p in people]) for slug, people in snapshot.line(ids["agent"], GARDEN, NOON - SECOND)]
    assert line == [
        ("service_lead", ["lead"]),
        ("project_manager", ["pm", "acting"]),
        ("regional_director", ["east"]),
        ("general_manager", ["gm"]),
    ]
    assert [slug for slug, _p in snapshot.line(ids["pm"], GARDEN, NOON)] == ["regional_director", "general_manager"]
    assert snapshot.line(ids["gm"], GARDEN, NOON) == []


def test_deputies_in_a_circle_end_in_nobody_and_disabled_ones_do_not_stand_in(company: Company) -> None:
    ids = staffed(company)
    end = NOON + SECOND
    circle = (DeputyView(ids["pm"], ids["lead"], NOON, end), DeputyView(ids["lead"], ids["pm"], NOON, end))
    assert company.snapshot(deputies=circle).who("project_manager", GARDEN, NOON) == []
    company.people["lead"] = replace(company.people["lead"], status="disabled")
    one = company.snapshot(deputies=circle[:1])
    assert one.who("project_manager", GARDEN, NOON) == []
    assert one.who("service_lead", GARDEN, NOON) == []


def test_an_explanation_names_the_gate_and_the_smallest_grant(company: Company) -> None:
    me = company.give("me", "service_agent", GARDEN, ends=NOON)
    company.give("me", "resident", PARK, relation="mine")
    snapshot = company.snapshot()
    gate = snapshot.gate(me, NOON)
    ended = gate.explain(READ, GARDEN)
    assert not ended.allowed
    assert [c.ok for c in ended.checks] == [True, False]
    assert "2026-03-01 12:00" in str(ended.checks[1].small), "in the site's zone"
    assert len(ended.grants) == 3
    limited = gate.explain(READ, PARK)
    assert [c.ok for c in limited.checks] == [True, True, False]
    assert gate.explain(READ, PARK, frozenset({"mine"})).allowed
    close = gate.explain(CLOSE, GARDEN)
    assert "project_manager" in str(close.grants[0]), "the lowest post that holds it, though the region's gives less besides"
    assert "安禾花园" in str(close.grants[0])
    allowed = gate.explain(READ, PARK, frozenset({"mine"})).then(False, "State", "closed", "Reopen it")
    assert (allowed.allowed, allowed.mend, len(allowed.checks)) == (False, "Reopen it", 4)
    assert close.then(True, "State") == close
    off = company.snapshot(modules=frozenset[str]()).gate(me, NOON).explain(READ, GARDEN)
    assert [c.ok for c in off.checks] == [False]
    assert "complaints" in str(off.mend)
    assert not snapshot.gate(new(), NOON).explain(READ, GARDEN).allowed


def test_nothing_is_explained_of_what_one_may_not_view(company: Company) -> None:
    me, other = company.give("me", "service_agent", GARDEN), company.give("other", "service_agent", PARK)
    chief = company.give("chief", "admin", COMPANY)
    snapshot = company.snapshot()
    mine, theirs, admin = (snapshot.gate(p, NOON) for p in (me, other, chief))
    assert ask(mine, mine, CLOSE, GARDEN, reads=READ).allowed is False
    for asker, about, site, reads in (
        (theirs, theirs, GARDEN, READ),  # may not view the record
        (mine, theirs, GARDEN, READ),  # may not ask about others
        (admin, mine, GARDEN, READ),  # may ask, but not view
    ):
        with pytest.raises(NotFound):
            ask(asker, about, CLOSE, site, reads=reads)
    assert ask(admin, mine, READ, GARDEN).allowed


def test_how_long_decisions_take(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(50):
        company.give(f"p{n}", "project_manager", ALL[n % 6])
        company.give(f"p{n}", "service_agent", ALL[n % 5], relation="mine" if n % 7 == 0 else None)
    snapshot, me = company.snapshot(), company.people["p3"].id
    gate = snapshot.gate(me, NOON)
    work = {
        "gate": lambda: snapshot.gate(me, NOON),
        "may": lambda: gate.may(READ, GARDEN),
        "scope": lambda: gate.scope(READ),
        "chain": gate.chain,
        "compile": lambda: company.snapshot().gate(me, NOON),
    }
    with capsys.disabled():
        for name, call in work.items():
            n = 200 if name == "compile" else 20_000
            print(f"  {name}: {timeit.timeit(call, number=n) / n * 1e6:.2f} µs")
