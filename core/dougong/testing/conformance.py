"""What every plugin has to keep, as a class to inherit.

::

    from dougong.testing.conformance import Conformance

    class TestConformance(Conformance):
        module = "complaints"
        bodies = {"complaints.complaint": {"channel": "phone", "statement": "The lift is out of order", …}}

Covers: isolation between two companies, every person × site × action against the gate, a disabled module is absent,
export and import, declaration and database agree, everything is behind the tenant barrier, translations are complete,
imports are public, the API is described soundly; in ``around``, what the platform puts around every record; in ``intime``, its
clocks and schedules; in ``approving``, its approvals; in ``secrecy``, fields that not everybody may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module, util
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from ..access.gate import Gate
from ..errors import Forbidden, NotFound, Problem
from ..migrations.author import drift
from ..plugins.registry import Registry
from ..records import actions, journal
from ..records.context import Context
from ..records.on_hand import held_fields
from ..records.resource import Resource
from ..scheduling.jobs import Jobs
from ..tenancy.audit import audit
from ..web.openapi import document
from ..web.plans import plan_of
from . import describing, rules, translations
from .approving import Approved
from .around import Around, distinct, shape
from .clients import Running
from .companies import Company
from .intime import InTime
from .secrecy import Secret
from .server import Database

SITES = ("n1", "n2", "s1")


class Conformance(Around, InTime, Approved, Secret):
    """Inherit it once per plugin, in a class named ``Test…``.

    :cvar module: the plugin's slug.
    :cvar bodies: for each kind that people create, values that make a valid record.
    :cvar no_round_trip: kinds that only mean something where they were made (an import, a secret).
    """

    module: ClassVar[str] = ""
    bodies: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    no_round_trip: ClassVar[Sequence[str]] = ()

    # ---- what the tests need ----

    @pytest.fixture
    def resources(self, registry: Registry) -> list[Resource[Any]]:
        """The module's resources; one that cannot be created by a body of yours is not tried."""
        assert self.module in registry.modules, f"{self.module} is not loaded: {registry.failures}"
        return [found for kind, found in registry.resources.items() if kind in self.bodies]

    @pytest.fixture
    def records(self, company: Company, resources: list[Resource[Any]]) -> dict[tuple[str, str], UUID]:
        """One record of each kind at each of three sites, made by the system: (kind, site) → id."""
        with company.acting(None, self.module) as x:
            return {
                (resource.kind, site): self.create(resource, site, x, company).id
                for resource in resources
                for site in SITES
            }

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """Make one record; override it where a body alone does not do."""
        return actions.create(resource, self.bodies[resource.kind], x, site=company.sites[site])

    # ---- the declaration ----

    def test_every_kind_has_a_body(self, registry: Registry) -> None:
        kinds = {kind for kind in registry.resources if kind.startswith(f"{self.module}.")}
        assert kinds == set(self.bodies), "give a body in `bodies` for each kind of your module"

    def test_declaration_and_migrations_agree(self, database: Database, registry: Registry) -> None:
        assert [line for line in drift(registry, database.owner) if line.startswith(self.module)] == []

    def test_what_people_have_on_hand_is_found_by_index(self, registry: Registry) -> None:
        """A leaver's clearance asks every kind of every module at once: each field marked ``holds=`` begins an index."""
        missing = []
        for kind, resource in registry.resources.items():
            led = {column.name for index in resource.record.__table__.indexes for column in list(index.columns)[1:2]}
            missing += [f"{kind}.{name}" for name in held_fields(resource.record) if name not in led]
        assert [one for one in missing if one.startswith(f"{self.module}.")] == []

    def test_every_table_is_behind_the_tenant_barrier(self, database: Database) -> None:
        assert [str(problem) for problem in audit(database.owner)] == []

    def test_the_api_is_described_soundly(self, registry: Registry) -> None:
        plans = [plan_of(r) for r in registry.resources.values() if r.module == self.module]
        own = {self.module: registry.routes.get(self.module, [])}
        assert describing.mistakes(document(plans, self.module, own)) == []

    def test_translations_are_complete(self, registry: Registry) -> None:
        assert [str(hole) for hole in translations.holes(self._package(registry))] == []

    def test_only_public_names_are_imported_and_no_sql_is_written_as_text(self, registry: Registry) -> None:
        import dougong

        package = self._package(registry)
        requires = [registry.plugins[name].package for name in registry.needs(self.module)]
        found = [*rules.imports(package, public=dougong.__all__, requires=requires), *rules.raw_sql(package)]
        assert [str(breach) for breach in found] == []

    def _package(self, registry: Registry) -> Path:
        spec = util.find_spec(registry.modules[self.module].package)
        assert spec is not None
        assert spec.submodule_search_locations
        return Path(next(iter(spec.submodule_search_locations)))

    # ---- the gate ----

    def test_every_person_site_and_action_obeys_the_gate(
        self, company: Company, resources: list[Resource[Any]], records: dict[tuple[str, str], UUID], registry: Registry
    ) -> None:
        """What the gate refuses is refused as it should be: unseen things do not exist, seen ones are forbidden."""
        wrong = []
        snapshot = company.snapshot
        for username, person in company.people.items():
            with company.session() as session:
                x: Context[Any] | None = None
                for resource in resources:
                    settings = snapshot.settings(resource.module)
                    gate = snapshot.gate(person, _now())
                    x = Context(session, gate, settings, gate.at, registry, Jobs(registry.jobs))
                    wrong += [f"{username} {line}" for line in self._against_gate(resource, company, records, x)]
                session.rollback()
        assert wrong == []

    def _against_gate(
        self, resource: Resource[Any], company: Company, records: Mapping[tuple[str, str], UUID], x: Context[Any]
    ) -> Iterator[str]:
        for site in SITES:
            place, id = company.sites[site], records[resource.kind, site]
            seen = x.session.scalar(x.readable(resource.record).where(resource.record.id == id)) is not None
            may_read = _anyhow(x.gate, resource, resource.permission("read"), place)
            if seen and not may_read:
                yield f"sees a {resource.kind} at {site} without permission"
            answer = _answer(x, lambda: self.create(resource, site, x, company))  # noqa: B023 - called at once
            if not _anyhow(x.gate, resource, resource.permission("create"), place) and answer not in (403, 404):
                yield f"may not create a {resource.kind} at {site}, but: {answer}"
            for name in _steps(resource):
                permission = _permission(resource, name)
                answer = _answer(x, lambda: _do(resource, id, name, x))  # noqa: B023 - called at once
                if not seen and answer != 404:
                    yield f"does not see the {resource.kind} at {site}, but {name}: {answer}"
                elif seen and not _anyhow(x.gate, resource, permission, place) and answer not in (403, 404):
                    yield f"may not {name} the {resource.kind} at {site}, but: {answer}"
                elif seen and x.gate.may(permission, place) and answer in (403, 404):
                    yield f"may {name} the {resource.kind} at {site}, but: {answer}"

    # ---- over HTTP ----

    def test_another_companys_records_do_not_exist(
        self,
        platform: Running,
        other_company: Company,
        resources: list[Resource[Any]],
        records: dict[tuple[str, str], UUID],
    ) -> None:
        wrong = []
        for username in distinct(other_company, resources):
            theirs = platform.program(other_company, username)
            for resource in resources:
                listed = theirs.api("GET", resource.path)
                if listed.status_code == 200 and listed.json()["results"]:
                    wrong.append(f"{username} lists {resource.kind} of another company")
                wrong += _differences(theirs.api, resource, [id for (kind, _s), id in records.items() if kind == resource.kind])
        assert wrong == []

    def test_what_is_exported_is_equal_when_it_is_imported_elsewhere(
        self,
        company: Company,
        other_company: Company,
        resources: list[Resource[Any]],
        records: dict[tuple[str, str], UUID],
        registry: Registry,
        tmp_path: Path,
    ) -> None:
        """Through the module ``exchange``, where it is installed: no kind of record is left out by its own wording."""
        exchange = registry.modules.get("exchange")
        if exchange is None or self.module == "exchange":
            pytest.skip("the module exchange is not installed, or is the one that is tried")
        trip = import_module(f"{exchange.package}.round_trip")

        def unit(of: Company) -> Any:
            return lambda: of.acting(None, "exchange")

        wrong = []
        for resource in resources:
            if resource.record.scope == "site" and resource.kind not in self.no_round_trip:
                wrong += trip.differences(resource, unit(company), unit(other_company), tmp_path)
        assert wrong == []

    def test_a_disabled_module_is_absent(
        self, platform: Running, company: Company, resources: list[Resource[Any]], records: dict[tuple[str, str], UUID]
    ) -> None:
        company.switch(self.module, False)
        browser, program = platform.browser(company, "admin"), platform.program(company, "admin")
        for resource in resources:
            id = records[resource.kind, SITES[0]]
            for address in (resource.path, f"{resource.path}/new", f"{resource.path}/{id}"):
                assert browser.get(address).status_code == 404
            for method, address in (("GET", ""), ("POST", ""), ("GET", f"/{id}"), ("PATCH", f"/{id}")):
                body: dict[str, Any] | None = None if method == "GET" else {}
                assert program.api(method, f"{resource.path}{address}", body).status_code == 404
            assert not company.gate("admin").scope(resource.permission("read"))
        described = program.api("GET", "/openapi.json").json()["paths"]
        assert not [path for path in described if path.startswith((f"/{self.module}/", f"/api/v1/{self.module}/"))]
        assert f'href="/{self.module}/' not in browser.get("/").text


def _now() -> Any:
    from ..instant import now

    return now()


def _anyhow(gate: Gate, resource: Resource[Any], permission: str, site: UUID) -> bool:
    """Whether the gate allows it for any relation that the person may have to the record."""
    places = gate.snapshot.sites.subtree(site) if resource.record.scope != "site" else (site,)
    return any(gate.may(permission, place, frozenset(resource.relations)) for place in places)


def _steps(resource: Resource[Any]) -> list[str]:
    taken = [name for name, step in resource.flow.transitions.items() if not step.automatic] if resource.flow else []
    return ["edit", *(name for name in taken if name != "edit")]


def _permission(resource: Resource[Any], name: str) -> str:
    step = resource.flow.transitions.get(name) if resource.flow else None
    return step.permission if step else resource.permission("edit")


def _do(resource: Resource[Any], id: UUID, name: str, x: Context[Any]) -> Any:
    if resource.flow and name in resource.flow.transitions:
        return actions.transition(resource, id, name, {}, x)
    record = x.get(resource.record, id)
    return actions.update(resource, id, {}, x, version=record.row_version)


def _answer(x: Context[Any], act: Any) -> int:
    """What the API would answer; nothing of it stays."""
    nested = x.session.begin_nested()
    try:
        act()
    except (Forbidden, NotFound, Problem) as problem:
        return problem.status
    finally:
        if nested.is_active:
            nested.rollback()
        if "journal" in x.session.info:
            journal.forget(x)
        x.session.expunge_all()
    return 200


def _differences(api: Any, resource: Resource[Any], ids: Sequence[UUID]) -> Iterator[str]:
    """Another's records must answer exactly as one that does not exist. Steps are tried on the first of them: what stands
    at which site of another company is no difference."""
    requests: list[tuple[str, str, Any, Sequence[UUID]]] = [("GET", "", None, ids), ("PATCH", "", {}, ids)]
    requests += [("POST", f"/transitions/{name}", {}, ids[:1]) for name in _steps(resource)[1:]]
    for method, rest, body, tried in requests:
        missing, version = uuid4(), None if body is None else 1
        nobodys = shape(api(method, f"{resource.path}/{missing}{rest}", body, version=version), missing)
        for id in tried:
            theirs = api(method, f"{resource.path}/{id}{rest}", body, version=version)
            if theirs.status_code not in (403, 404) or shape(theirs, id) != nobodys:
                yield f"{method} {resource.path}/…{rest}: {theirs.status_code} {theirs.text[:200]}"


__all__ = ["Conformance"]
