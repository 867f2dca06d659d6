"""The compiled snapshot decides as casbin does, on random companies."""

from __future__ import annotations

import datetime as dt
import itertools
from uuid import UUID

from dougong.access.people import Person
from dougong.access.policy import Policy
from dougong.access.roles import RoleView
from dougong.access.snapshot import GrantView, Rows, Snapshot
from dougong.tenancy.sites import SiteNode, SiteTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
MOMENTS = [NOON + dt.timedelta(minutes=10 * n) for n in range(4)]
PERMISSIONS = ["a.thing.read", "a.thing.edit", "b.thing.read", "core.people.edit"]
RELATIONS = [frozenset[str](), frozenset({"mine"}), frozenset({"mine", "trade"})]


def _id(kind: int, n: int) -> UUID:
    return UUID(int=(kind << 64) + n + 1)


@st.composite
def companies(draw: st.DrawFn) -> Rows:
    count = draw(st.integers(1, 5))
    nodes = [SiteNode(_id(1, 0), None, "s0", "S0", active=draw(st.integers(0, 9)) < 9)]
    for n in range(1, count):
        parent = draw(st.integers(0, n - 1))
        nodes.append(SiteNode(_id(1, n), _id(1, parent), f"s{n}", f"S{n}", active=draw(st.integers(0, 4)) < 4))
    roles = {
        f"r{n}": RoleView(_id(2, n), f"r{n}", permissions=frozenset(draw(st.sets(st.sampled_from(PERMISSIONS)))))
        for n in range(draw(st.integers(1, 3)))
    }
    people = {
        _id(3, n): Person(_id(3, n), f"p{n}", f"P{n}", status=draw(st.sampled_from(["active", "active", "disabled"])))
        for n in range(2)
    }
    moment = st.none() | st.sampled_from(MOMENTS)
    grants = draw(
        st.lists(
            st.builds(
                GrantView,
                id=st.just(_id(4, 0)),
                person=st.sampled_from([*people, _id(3, 9)]),
                role=st.sampled_from(sorted(roles)),
                site=st.sampled_from([n.id for n in nodes]),
                relation=st.sampled_from([None, None, "mine", "trade"]),
                starts=moment,
                ends=moment,
            ),
            max_size=5,
        )
    )
    return Rows(
        _id(0, 0), "c", "C", "active", 1, SiteTree(nodes),
        modules=frozenset(draw(st.sets(st.sampled_from(["a", "b"]), min_size=1))),
        off=frozenset(draw(st.sets(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([n.id for n in nodes])), max_size=2))),
        people=people, roles=roles, grants=tuple(grants),
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(companies())
def test_snapshot_decides_as_casbin(rows: Rows) -> None:
    snapshot, policy = Snapshot(rows), Policy(rows)
    for person, at in itertools.product([*rows.people, _id(3, 9)], MOMENTS):
        gate = snapshot.gate(person, at)
        for site, permission, relations in itertools.product(rows.sites.ordered(), PERMISSIONS, RELATIONS):
            said = gate.may(permission, site.id, relations)
            assert said == policy.enforce(person, site.id, permission, at, relations), (
                person,
                site.slug,
                permission,
                at,
            )
            scope = gate.scope(permission)
            assert said == (
                site.id in scope.free or any(site.id in sites for name, sites in scope.related if name in relations)
            )
            explained = gate.explain(permission, site.id, relations)
            assert explained.allowed == said
            assert [c.ok for c in explained.checks].count(False) == (0 if said else 1)


def test_a_deep_tree_is_followed_to_its_root() -> None:
    nodes = [SiteNode(_id(1, n), _id(1, n - 1) if n else None, f"s{n}", f"S{n}") for n in range(15)]
    rows = Rows(
        _id(0, 0), "c", "C", "active", 1, SiteTree(nodes), frozenset({"a"}),
        people={_id(3, 0): Person(_id(3, 0), "p", "P")},
        roles={"r": RoleView(_id(2, 0), "r", permissions=frozenset({"a.thing.read"}))},
        grants=(GrantView(_id(4, 0), _id(3, 0), "r", _id(1, 0)),),
    )  # fmt: skip
    assert Snapshot(rows).gate(_id(3, 0), NOON).may("a.thing.read", _id(1, 14))
    assert Policy(rows).enforce(_id(3, 0), _id(1, 14), "a.thing.read", NOON)
