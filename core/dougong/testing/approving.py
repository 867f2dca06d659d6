"""What every plugin with an approval has to keep: nobody approves their own, another company sees nothing of it, off is absent.

Submits what the plugin's own bodies make, past the form and guards of submitting, and looks at who may sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from ..errors import Conflict, Problem
from ..plugins.registry import Registry
from ..records import actions, approval_lists
from ..records.approvals import Approving, Bare
from ..records.context import Context
from ..records.resource import Resource
from .companies import Company

PLACE = "n1"


class Approved:
    """Tests that every plugin inherits with ``Conformance``."""

    module: ClassVar[str] = ""
    bodies: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @pytest.fixture
    def approved(self, registry: Registry) -> list[Resource[Any]]:
        """The module's resources with approvals, of those with a body."""
        of_mine = (one for kind, one in registry.resources.items() if kind in self.bodies)
        return [one for one in of_mine if one.flow is not None and one.flow.approvals] or pytest.skip(
            "it has no approval"
        )

    def create(self, resource: Resource[Any], site: str, x: Any, company: Company) -> Any:
        raise NotImplementedError

    def test_nobody_approves_their_own(self, approved: list[Resource[Any]], company: Company) -> None:
        """Whoever created and submitted it is never waited for, and cannot agree; whoever is waited for is somebody else."""
        wrong: list[str] = []
        for username, person in company.people.items():
            with company.acting(None, self.module) as x:
                for resource in approved:
                    for approving in resource.flow.approvals.values() if resource.flow else ():
                        record = self._submitted(resource, approving, x, company, by=username)
                        if record is None:
                            continue
                        waited = {one.person for one in approving.waited_for(record, x)}
                        authors = {record.created_by, person}
                        if waited & authors:
                            wrong.append(f"{resource.kind} {approving.name}: waits for its author {username}")
                        if _agrees(resource, approving, record, x.as_person(person)):
                            wrong.append(f"{resource.kind} {approving.name}: {username} agreed to their own")
                x.session.rollback()
        assert wrong == []

    def test_approvals_keep_to_their_company_and_their_module(
        self, approved: list[Resource[Any]], company: Company, other_company: Company
    ) -> None:
        """What waits here is in nobody's list there; the module off, it is in nobody's list at all, and on again, it is back."""
        with company.acting(None, self.module) as x:
            made = [one for one in self._each(approved, x, company) if one is not None]
            waiting = {s.person for approving, record in made for s in approving.waited_for(record, x)}
        if not waiting:
            pytest.skip("nobody in the test's company may approve any of it")
        names = [name for name, id in company.people.items() if id in waiting]
        before = {name: _listed(company, name) for name in names}
        assert all(before.values()), "it waits for somebody whose list does not say so"
        assert [name for name in other_company.people if _listed(other_company, name)] == []
        company.switch(self.module, False)
        assert [name for name in names if _listed(company, name, of=self.module)] == []
        company.switch(self.module, True)
        assert {name: _listed(company, name) for name in names} == before

    def _each(self, approved: list[Resource[Any]], x: Context[Any], company: Company) -> Iterator[Any]:
        for resource in approved:
            for approving in resource.flow.approvals.values() if resource.flow else ():
                record = self._submitted(resource, approving, x, company, by=None)
                yield (approving, record) if record is not None else None

    def _submitted(
        self,
        resource: Resource[Any],
        approving: Approving[Any, Any, Any],
        x: Context[Any],
        company: Company,
        *,
        by: str | None,
    ) -> Any:
        """A record that was just submitted; None: nobody could approve it, or no level is needed."""
        record = self.create(resource, PLACE, x, company)
        if resource.state is not None and approving.sources:
            setattr(record, resource.state, min(approving.sources, key=lambda s: str(s.value)))
        record.created_by = company.people[by] if by else None
        x.session.flush()
        inner = x.as_person(company.people[by]) if by else x
        try:
            to = replace(approving, on_submitted=None).submit(record, Bare(), inner)
        except Conflict:
            return None
        if to is not None and resource.state is not None:
            setattr(record, resource.state, to)
        x.session.flush()
        return record if approving.current(record, x) is not None else None


def _agrees(resource: Resource[Any], approving: Approving[Any, Any, Any], record: Any, x: Context[Any]) -> bool:
    try:
        actions.transition(resource, record.id, f"{approving.name}_agree", {}, x)
    except Problem:
        return False
    return True


def _listed(company: Company, username: str, *, of: str = "") -> set[Any]:
    with company.acting(username) as x:
        items, _next = approval_lists.listed(x, approval_lists.MINE, module=of, limit=200)
        return {one.approval.row.id for one in items}


__all__ = ["Approved"]
