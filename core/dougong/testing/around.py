"""The part of the conformance suite about what the platform puts around every record: comments and files, a company's own
fields, saved views, erasing, and that nothing of a disabled module is reached by what serves all modules.

Owns no fixtures: it is inherited through ``conformance.Conformance``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4

from ..plugins.registry import Registry
from ..records import actions, erasure
from ..records.events import Event
from ..records.history import verify
from ..records.reporting import Report
from ..records.residents import ResidentForm
from ..records.resource import Resource
from .clients import Running
from .companies import Company

Records = dict[tuple[str, str], UUID]
PLACE = "n1"  # where the records are that are changed here
# Below a record: what is asked, and with what.
AROUND: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/comments", None),
    ("POST", "/comments", {"text": "seen?"}),
    ("GET", "/files", None),
    ("GET", f"/files/{uuid4()}", None),
    ("DELETE", f"/files/{uuid4()}", None),
    ("GET", "/history", None),
    ("GET", "/links", None),
)
# Below a list, as pages.
LISTED = ("/filters", "/columns", "/views", "/views/new", "/board", "/calendar")
OWN = {"type": "choice", "name": "x_conform", "title": "Conformance", "filtered": True, "listed": True}
OPTIONS = [{"value": "kept", "label": "Kept"}, {"value": "other", "label": "Other"}]


class Around:
    """Tests that every plugin inherits with ``Conformance``."""

    module: ClassVar[str] = ""
    bodies: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def test_comments_files_and_history_go_through_the_gate(
        self, company: Company, platform: Running, resources: list[Resource[Any]], records: Records
    ) -> None:
        """Who may not see a record is told exactly what they are told of one that nobody has."""
        wrong: list[str] = []
        for username in distinct(company, resources):
            api = platform.program(company, username).api
            for resource in resources:
                hidden = [id for _site, id in _of(resource, records) if not sees(company, username, resource, id)]
                wrong += [f"{username}: {line}" for line in _told_apart(api, resource, hidden)]
        assert wrong == []

    def test_a_companys_own_field_is_filled_shown_and_filtered_at_once(
        self, company: Company, platform: Running, resources: list[Resource[Any]], records: Records
    ) -> None:
        admin = platform.program(company, "admin")
        for resource in resources:
            added = admin.api("POST", "/core/fields", {**OWN, "record": resource.kind, "options": OPTIONS})
            assert added.status_code == 201, added.text
            name, id = added.json()["name"], records[resource.kind, PLACE]
            with company.acting(None, self.module) as x:
                version = x.get(resource.record, id).row_version
                actions.update(resource, id, {name: "kept"}, x, version=version)
            if (username := _reader(company, resource, id)) is None:
                continue
            reader = platform.program(company, username)
            assert reader.api("GET", f"{resource.path}/{id}").json()[name] == "kept"
            listed = reader.api("GET", f"{resource.path}?{name}=kept")
            assert [row["id"] for row in listed.json()["results"]] == [str(id)], listed.text

    def test_a_saved_view_is_its_owners(
        self, company: Company, platform: Running, resources: list[Resource[Any]], records: Records
    ) -> None:
        for resource in resources:
            owner = _reader(company, resource, records[resource.kind, PLACE])
            if owner is None:
                continue
            path = f"{resource.path}/views"
            made = platform.program(company, owner).api("POST", path, {"name": "Newest", "query": [["sort", "-created_at"]]})
            assert made.status_code == 201, made.text
            for name in {*distinct(company, resources), "general_manager"} - {owner}:
                said = platform.program(company, name).api("GET", f"{path}/{made.json()['id']}")
                assert said.status_code in (403, 404), f"{name}: {said.text[:200]}"

    def test_erasing_leaves_a_chain_that_verifies(
        self, company: Company, resources: list[Resource[Any]], records: Records
    ) -> None:
        for resource in resources:
            id = records[resource.kind, PLACE]
            with company.acting(None, self.module) as x:
                record = x.get(resource.record, id)
                x.comment(record, "13800005678")
                held = [n for n in erasure.personal(resource.record) if getattr(record, n) not in (None, "")]
                taken = erasure.erase(x, record, reason="conformance", words=True, files=True)
                assert set(held) <= set(taken)
                x.session.flush()
                assert verify(x.session, resource.kind, id)

    def test_what_serves_all_modules_reaches_nothing_of_a_disabled_one(
        self,
        company: Company,
        platform: Running,
        resources: list[Resource[Any]],
        records: Records,
        registry: Registry,
    ) -> None:
        numbers = {}
        for resource in resources:
            with company.acting(None, self.module) as x:
                record = x.get(resource.record, records[resource.kind, PLACE])
                numbers[_reader(company, resource, record.id) or "admin"] = str(record.number)
        company.switch(self.module, False)
        admin = platform.browser(company, "admin")
        for resource in resources:
            for rest in LISTED:
                assert admin.get(f"{resource.path}{rest}").status_code == 404, rest
            for method, rest, body in AROUND:
                address = f"{resource.path}/{records[resource.kind, PLACE]}{rest}"
                assert platform.program(company, "admin").api(method, address, body).status_code == 404, rest
            assert platform.program(company, "admin").api("POST", f"{resource.path}/bulk", {}).status_code == 404
        for username, number in numbers.items():
            found = platform.browser(company, username).get(f"/search?q={number}")
            assert f'href="/{self.module}/' not in found.text
        plugins = {one.plugin_name for one in registry.hook(company.snapshot.modules).dougong_slots.get_hookimpls()}
        assert self.module not in plugins
        with company.acting(None) as x:
            for made in (Report, Event, ResidentForm):
                assert self.module not in {module for module, _one in x.contributed(made)}


def distinct(company: Company, resources: list[Resource[Any]]) -> list[str]:
    """One person for each set of rights to read, so that every role's way through the code is taken once."""
    found: dict[frozenset[tuple[str, Any]], str] = {}
    for username in company.people:
        gate = company.gate(username)
        reads = frozenset((r.kind, repr(gate.scope(r.permission("read")))) for r in resources)
        found.setdefault(reads, username)
    return list(found.values())


def sees(company: Company, username: str, resource: Resource[Any], id: UUID) -> bool:
    """Whether this person's lists hold the record."""
    with company.acting(username) as x:
        return x.session.scalar(x.readable(resource.record).where(resource.record.id == id)) is not None


def _reader(company: Company, resource: Resource[Any], id: UUID) -> str | None:
    """Somebody whose lists hold the record; nobody's do where it is its maker's own, and the system made it."""
    return next((name for name in ("admin", *company.people) if sees(company, name, resource, id)), None)


def _of(resource: Resource[Any], records: Records) -> list[tuple[str, UUID]]:
    return [(site, id) for (kind, site), id in records.items() if kind == resource.kind]


def _told_apart(api: Any, resource: Resource[Any], hidden: Sequence[UUID]) -> Iterator[str]:
    for method, rest, body in AROUND if hidden else ():
        missing = uuid4()
        nobodys = shape(api(method, f"{resource.path}/{missing}{rest}", body), missing)
        for id in hidden:
            said = api(method, f"{resource.path}/{id}{rest}", body)
            if said.status_code not in (403, 404) or shape(said, id) != nobodys:
                yield f"{method} {resource.path}/{id}{rest}: {said.status_code} {said.text[:120]}"


def shape(answer: Any, id: UUID) -> tuple[int, Any]:
    """An answer without what names the record or the request."""
    said = answer.json()
    for name in ("request_id", "request"):
        said.pop(name, None)
    return answer.status_code, str(said).replace(str(id), "…")


__all__ = ["Around", "distinct", "sees", "shape"]
