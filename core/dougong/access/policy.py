"""The policy as pycasbin holds it: the same rows that the snapshot is compiled from, in a model anybody can read.

Decisions come from the snapshot (0.2 µs against a millisecond here); a property test compares the two on random
policies, so this module is the plain statement of what the snapshot must mean. Thread safety: one per thread.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from casbin import Enforcer, Model

from .roles import CORE, module_of
from .snapshot import Rows

MODEL = """
[request_definition]
r = person, site, permission, at, relations

[policy_definition]
p = person, role, site, starts, ends, relation

[role_definition]
g = _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.person == p.person && g(p.role, r.permission) && g2(r.site, p.site) \
 && begun(p.starts, r.at) && !ended(p.ends, r.at) && related(p.relation, r.relations, r.permission) \
 && open(r.site, r.permission)
"""
# g: a role leads to its permissions. g2: a site leads to the sites above it. "" stands for: no limit.


class Policy:
    """One company's grants in an enforcer.

    :param rows: as the snapshot gets them; nothing is loaded here.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        model = Model()
        model.load_model_from_text(MODEL)
        self.enforcer = Enforcer(model)
        self.enforcer.enable_auto_build_role_links(False)
        self.enforcer.add_function("begun", _begun)
        self.enforcer.add_function("ended", _ended)
        self.enforcer.add_function("related", _related)
        self.enforcer.add_function("open", self._is_open)
        self.enforcer.add_policies(self.lines())
        for role in rows.roles.values():
            for permission in role.permissions:
                self.enforcer.add_named_grouping_policy("g", f"role:{role.slug}", permission)
        for node in rows.sites.ordered():
            if node.parent_id is not None:
                self.enforcer.add_named_grouping_policy("g2", str(node.id), str(node.parent_id))
        for manager in self.enforcer.rm_map.values():
            manager.max_hierarchy_level = len(rows.sites) + 1  # casbin stops at ten; a tree of sites may be deeper
        self.enforcer.build_role_links()

    def lines(self) -> list[list[str]]:
        """One line a grant of an active person: person, role, site, from, until, relation."""
        return [
            [str(g.person), f"role:{g.role}", str(g.site), _text(g.starts), _text(g.ends), g.relation or ""]
            for g in self._rows.grants
            if g.person in self._rows.people and self._rows.people[g.person].active
        ]

    def enforce(
        self, person: UUID, site: UUID, permission: str, at: dt.datetime, relations: frozenset[str] = frozenset()
    ) -> bool:
        """casbin's own answer, about a millisecond per grant of the company."""
        return bool(self.enforcer.enforce(str(person), str(site), permission, _text(at), relations))

    def _is_open(self, site: str, permission: str) -> bool:
        """Every site from here upward is active, and none of them has the permission's module off."""
        module, rows = module_of(permission), self._rows
        if module != CORE and module not in rows.modules:
            return False
        node = rows.sites.get(UUID(site))
        if node is None:
            return False
        while node is not None:
            if not node.active or (module != CORE and (module, node.id) in rows.off):
                return False
            node = rows.sites.get(node.parent_id)
        return True


def _text(moment: dt.datetime | None) -> str:
    """Comparable as text: UTC, fixed width to the microsecond."""
    return "" if moment is None else moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _begun(starts: str, at: str) -> bool:
    return starts == "" or starts <= at


def _ended(ends: str, at: str) -> bool:
    return ends != "" and ends <= at


def _related(relation: str, relations: frozenset[str], permission: str) -> bool:
    return relation == "" or (relation in relations and module_of(permission) != CORE)
