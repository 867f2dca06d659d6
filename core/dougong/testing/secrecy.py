"""The part of the conformance suite about secrecy inside one company: no value of a field with ``reads=`` reaches a person who
does not hold that permission, by whatever way.

It plants values that occur nowhere else in every guarded field of the module, then walks every way as somebody who may do all but
read them: pages found by their links, API, searching, filters, sorting, exports, papers, reports, messages, webhooks, many at
once; and looks into the database for copies where nobody would guard them. Owns no fixtures: inherited through ``Conformance``.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from ..access.tables import Grant, Role, RolePermission
from ..choices import ChoiceType
from ..plugins.registry import Registry
from ..records import journal
from ..records.context import Context
from ..records.events import Event
from ..records.fields import metas
from ..records.record import Child
from ..records.resource import Resource
from ..records.visibility import judged
from ..tenancy.stored import new_id
from ..web.telling import told
from .around import sees
from .clients import Client, Running
from .companies import Company
from .server import Database

PLACE = "n1"  # where the records are into which values are planted
BLIND = "blind"  # the person who may do everything but read what is guarded
OTHERS = 2  # posts that are tried beside
PAGES = 50  # read of one module, the records' own pages first
_HREF = re.compile(r'(?:href|src|action|data-href)="(/[^"#]*)')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_AWAY = ("/static/", "/account", "/signout", "/openapi", "/help", "/admin")
# Tables that keep what a record held, and are themselves only shown field by field.
_GUARDED = frozenset({("core", "history"), ("core", "history_value")})


@dataclass
class Planted:
    """What was planted into one record: path of the field → the ways in which its value may be written.

    :ivar tables: where it may lie. :ivar needs: path of the field → the permission to read it.
    """

    resource: Resource[Any]
    id: UUID
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tables: set[tuple[str, str]] = field(default_factory=set)
    needs: dict[str, str] = field(default_factory=dict)

    def closed_to(self, company: Company, username: str) -> Planted:
        """As this person has to find it: with the values alone that they may not read."""
        with company.acting(username, self.resource.module) as x:
            held = judged(x, self.resource, self.id)
            open_ = () if held is None else {p for p in self.needs.values() if x.gate.may(p, held[0].site_id, held[1])}
        return replace(self, values={n: forms for n, forms in self.values.items() if self.needs[n] not in open_})

    def leaks(self, text: str) -> list[str]:
        """Names of the fields whose value stands in a text."""
        return [name for name, forms in self.values.items() if any(one in text for one in forms)]


class Secret:
    """Tests that every plugin inherits with ``Conformance``."""

    module: ClassVar[str] = ""
    bodies: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @pytest.fixture
    def planted(
        self, company: Company, resources: list[Resource[Any]], records: dict[tuple[str, str], UUID], registry: Registry
    ) -> list[Planted]:
        """Records of the module whose guarded fields hold values that occur nowhere else."""
        made = [Planted(r, records[r.kind, PLACE]) for r in resources if any(guarded(r))]
        if not made:
            pytest.skip("no field of the module asks for a permission of its own")
        _blind(company, registry)
        for one in made:
            with company.acting(None, one.resource.module) as x:
                _plant(one, x)
        return made

    def test_no_guarded_value_is_on_a_page_or_in_an_answer(
        self, company: Company, platform: Running, planted: list[Planted]
    ) -> None:
        wrong: list[str] = []
        for username in (BLIND, *_others(company, planted)):
            program, browser = platform.program(company, username), platform.browser(company, username)
            theirs = [one.closed_to(company, username) for one in planted]
            for one in theirs:
                found = [line for way in (*_api(one), *_exports(one)) for line in _read(program, way, one)]
                found += [line for way in (*_pages(one), *_papers(one)) for line in _read(browser, way, one)]
                wrong += [f"{username}: {line}" for line in (*found, *_writes(one, program))]
            if username == BLIND:
                wrong += [f"{username}: {line}" for line in _walk(browser, theirs)]
        assert wrong == []

    def test_a_guarded_field_is_no_way_to_ask(
        self, company: Company, platform: Running, planted: list[Planted]
    ) -> None:
        """By searching, filtering or sorting one learns nothing of a value that one may not read, nor writes over it."""
        program, wrong = platform.program(company, BLIND), []
        for one in planted:
            path = one.resource.path
            for name in guarded(one.resource, children=False):
                value = one.values[name][0] if name in one.values else "x"
                for sort in (name, f"-{name}"):
                    if program.api("GET", f"{path}?tab=all&sort={sort}").status_code < 400:
                        wrong.append(f"{path} is sorted by {sort}")
                hit, miss = (program.api("GET", f"{path}?tab=all&{name}={v}") for v in (value, "zzzz"))
                if hit.status_code < 400 and _ids(hit) != _ids(miss):
                    wrong.append(f"{path} is filtered by {name}")
                if _ids(program.api("GET", f"{path}?tab=all&q={value}")):
                    wrong.append(f"{path} is searched by {name}")
                if program.api("POST", f"{path}/{one.id}/reveal/{name}").status_code < 400:
                    wrong.append(f"{name} of {path} is revealed")
                wrong += _overwritten(one, name, program)
        assert wrong == []

    def test_no_guarded_value_is_told_or_kept_elsewhere(
        self, company: Company, planted: list[Planted], registry: Registry, database: Database
    ) -> None:
        """What is told to a program, a message or a webhook, and what tables hold beside the record and its history."""
        wrong = []
        for one in planted:
            with company.acting(None, one.resource.module) as x:
                said = told(x.as_person(company.people[BLIND]), one.resource.kind, one.id)
                wrong += [f"told: {name}" for name in one.leaks(str(said))]
                record = x.session.get_one(one.resource.record, (x.tenant, one.id))
                for _module, event in x.contributed(Event):
                    if event.kind == one.resource.kind:
                        x.tell(event.name, record, [company.people[BLIND]], clock="", due="")
        with psycopg.connect(database.superuser) as connection:
            for schema, table in _tables(connection):
                for one in planted:
                    if (schema, table) not in one.tables | _GUARDED:
                        wrong += [f"{schema}.{table} keeps {n}" for n in _kept(connection, schema, table, one)]
        assert wrong == []


def guarded(resource: Resource[Any], *, children: bool = True) -> Iterator[str]:
    """Paths of a resource's fields that ask for a permission of their own; those of its entries by their kind."""
    for kind in (resource.record, *(resource.timeline if children else ())):
        for name, (_column, meta) in metas(kind).items():
            if meta.reads:
                yield name if kind is resource.record else f"{kind.kind}.{name}"


# ---- planting ----


def _blind(company: Company, registry: Registry) -> None:
    """Somebody with a post at the top that includes every permission but those that fields ask for."""
    closed = {
        meta.reads
        for resource in registry.resources.values()
        for kind in (resource.record, *resource.timeline)
        for _column, meta in metas(kind).values()
        if meta.reads
    }
    company.add_person(BLIND)
    with company.session() as session:
        role = Role(id=new_id(), slug=BLIND, name="Blind", level=95)
        session.add(role)
        session.flush()
        session.add_all(
            RolePermission(role_id=role.id, permission=name) for name in registry.permissions if name not in closed
        )
        session.add(
            Grant(id=new_id(), person_id=company.people[BLIND], role_id=role.id, site_id=company.sites[company.slug])
        )


def _plant(one: Planted, x: Context[Any]) -> None:
    """Twice, so that the history has them as what was before, too."""
    record = x.session.get_one(one.resource.record, (x.tenant, one.id))
    one.tables.add(_table(one.resource.record))
    journal.watch(x)
    for _time in range(2):
        for name in guarded(one.resource, children=False):
            made = _canary(metas(one.resource.record)[name])
            if made is not None:
                setattr(record, name, made[0])
                one.values[name] = (*one.values.get(name, ()), *made[1])
                one.needs[name] = str(metas(one.resource.record)[name][1].reads)
        journal.touch(record, x.now)
        journal.note(x, record, "edit")
    for child in one.resource.timeline:
        _plant_child(one, record, child, x)
    journal.settle(x)


def _plant_child(one: Planted, record: Any, child: type[Child], x: Context[Any]) -> None:
    names = [n for n, (_column, meta) in metas(child).items() if meta.reads]
    values: dict[str, Any] = {}
    for column in child.__table__.columns:
        if column.nullable or column.default is not None or column.key in ("tenant_id", "id", "parent_id", *names):
            continue
        values[column.key] = _anything(column, x)
    found = {name: made for name in names if (made := _canary(metas(child)[name])) is not None}
    if not found:
        return
    for name in names:  # what no value can be told apart in, a yes or no
        values.setdefault(name, _anything(metas(child)[name][0], x))
    x.add(record, child(**values | {name: made[0] for name, made in found.items()}))
    one.tables.add(_table(child))
    one.values |= {f"{child.kind}.{name}": made[1] for name, made in found.items()}
    one.needs |= {f"{child.kind}.{name}": str(metas(child)[name][1].reads) for name in found}


def _table(kind: Any) -> tuple[str, str]:
    return str(kind.__table__.schema), str(kind.__table__.name)


def _canary(declared: Any) -> tuple[Any, tuple[str, ...]] | None:
    """A value that occurs nowhere else, and how it may be written; None for what cannot be told apart, a yes or a choice."""
    column, meta = declared
    if isinstance(column.type, ChoiceType) or "ref" in column.info or meta.widget == "person":
        return None
    if isinstance(column.type, sa.Integer):
        n = 7_310_000_001 + secrets.randbelow(80_000_000) * 10
        return n, (str(n), f"{n:,}", f"{n / 100:.2f}", f"{n / 100:,.2f}", f"{n / 1_000_000:.4f}")
    if isinstance(column.type, sa.Text):
        text = f"139{secrets.randbelow(10**8):08d}" if meta.mask == "phone" else f"zq{secrets.token_hex(6)}"
        return text, (text,)
    if isinstance(column.type, sa.Date):
        day = dt.date(2187, secrets.randbelow(12) + 1, secrets.randbelow(28) + 1)
        return day, (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}")
    return None


def _anything(column: Any, x: Context[Any]) -> Any:
    """Some value for a column that must have one."""
    choice = getattr(column.type, "choice", None)
    if choice is not None:
        return next(iter(choice))
    if isinstance(column.type, sa.Uuid):
        return next(iter(x.snapshot.people))
    kinds = {
        dt.datetime: x.now,
        dt.date: x.now.date(),
        int: 1,
        float: 1.0,
        bool: False,
        str: "said",
        dict: {},
        list: [],
    }
    return kinds[column.type.python_type]


def _others(company: Company, planted: list[Planted]) -> list[str]:
    """One person for each post of the company who sees one of the records and may not read one of its guarded fields."""
    found: dict[str, str] = {}
    for username in company.people:
        post = username.rpartition("_")[0] or username
        if username == BLIND or post in found or len(found) == OTHERS:
            continue
        if any(
            sees(company, username, one.resource, one.id) and one.closed_to(company, username).values for one in planted
        ):
            found[post] = username
    return list(found.values())


# ---- ways ----


def _api(one: Planted) -> Iterator[str]:
    path, fields = f"/api/v1{one.resource.path}", [f"fields={n}" for n in guarded(one.resource, children=False)]
    yield from (f"{path}?tab=all&limit=100", f"{path}?tab=all&{'&'.join(fields)}")
    yield from (
        f"{path}/{one.id}{rest}" for rest in ("", "?include=timeline", "/history", "/comments", "/files", "/links")
    )


def _pages(one: Planted) -> Iterator[str]:
    rest = ("?tab=all", "/board", "/calendar", f"/{one.id}", f"/{one.id}/edit")
    yield from (f"{one.resource.path}{each}" for each in rest)


def _exports(one: Planted) -> Iterator[str]:
    base = f"/api/v1/exchange/exports/{one.resource.kind}"
    for format in ("csv", "xlsx", "json"):
        yield from (f"{base}/{format}?tab=all&opened=true", f"{base}/{format}?tab=all")
    for name in guarded(one.resource, children=False):
        yield f"{base}/csv?tab=all&opened=true&fields={name}"


def _papers(one: Planted) -> Iterator[str]:
    base = f"/papers{one.resource.path}"
    yield from (f"{base}/{one.id}.pdf?timeline=all", f"{base}/list.pdf?tab=all", f"{base}/forms.pdf?ids={one.id}")


def _writes(one: Planted, program: Client) -> Iterator[str]:
    """What is answered to an edit of something else, to a refused one and to what is done to many."""
    path = f"{one.resource.path}/{one.id}"
    bulk = {"action": "edit", "ids": [str(one.id)], "body": {}}
    for answer in (
        program.api("PATCH", path, {}, version=_version(program, path)),
        program.api("PATCH", path, {}, version=999),
        program.api("POST", f"{one.resource.path}/bulk", bulk),
    ):
        for name in one.leaks(answer.text):
            yield f"{name} is answered to {answer.request.method} {answer.request.url.path}"


def _version(program: Client, path: str) -> int:
    said = program.api("GET", path)
    return int(said.json()["row_version"]) if said.status_code == 200 else 1


def _overwritten(one: Planted, name: str, program: Client) -> Iterator[str]:
    path = f"{one.resource.path}/{one.id}"
    if not metas(one.resource.record)[name][1].edit:
        return
    value: Any = 1 if isinstance(metas(one.resource.record)[name][0].type, sa.Integer) else "13900001111"
    if program.api("PATCH", path, {name: value}, version=_version(program, path)).status_code < 400:
        yield f"{name} of {path} is replaced unread"
    many = program.api(
        "POST", f"{one.resource.path}/bulk", {"action": "edit", "ids": [str(one.id)], "body": {name: value}}
    )
    if many.status_code < 400 and any(r["status"] < 400 for r in many.json().get("results", ())):
        yield f"{name} of {path} is replaced unread with many"


def _read(client: Client, address: str, one: Planted) -> Iterator[str]:
    answer = client.get(address)
    for name in one.leaks(_text(answer)):
        yield f"{name} is on {address}"


def _walk(browser: Client, planted: list[Planted]) -> Iterator[str]:
    """Pages that links lead to, the records' own first."""
    queue = [f"{p.resource.path}/{p.id}" for p in planted] + [f"{p.resource.path}?tab=all" for p in planted]
    queue += ["/", "/reports", "/approvals", "/notify"]
    queue += [f"/search?q={forms[0]}" for p in planted for forms in p.values.values()]
    seen: set[str] = set()
    while queue and len(seen) < PAGES:
        address = queue.pop(0)
        shape = _ID.sub("{id}", address.partition("&after=")[0])
        if shape in seen or address.startswith(_AWAY):
            continue
        seen.add(shape)
        answer = browser.get(address)
        if answer.status_code >= 300:
            continue
        text = _text(answer)
        for one in planted:
            # What was typed into the page's own address is no leak.
            asked = urlsplit(address).query
            yield from (f"{name} is on {address}" for name in one.leaks(text) if not one.leaks(asked))
            if address.startswith("/search") and one.leaks(asked) and f"{one.resource.path}/{one.id}" in text:
                yield f"{address} finds by a guarded value"
        found = [href.replace("&amp;", "&") for href in _HREF.findall(text)]
        near = [h for h in found if any(str(p.id) in h or h.startswith(p.resource.path) for p in planted)]
        queue = [*near, *queue, *(h for h in found if h not in near)]


def _text(answer: Any) -> str:
    """What an answer says, a workbook, an archive or a paper included."""
    body: bytes = answer.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if body[:5] == b"%PDF-":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


def _ids(answer: Any) -> set[str]:
    return {row["id"] for row in answer.json().get("results", ())} if answer.status_code < 400 else set()


# ---- what lies in the database ----


def _tables(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema$)'"
    ).fetchall()


def _kept(connection: psycopg.Connection[Any], schema: str, table: str, one: Planted) -> list[str]:
    like = [f"%{forms[0]}%" for forms in one.values.values()]
    asked = sql.SQL("SELECT t::text FROM {} t WHERE t::text LIKE ANY (%s) LIMIT 20").format(
        sql.Identifier(schema, table)
    )
    rows = connection.execute(asked, (like,)).fetchall() if like else []
    return sorted({name for (row,) in rows for name in one.leaks(row)})


__all__ = ["BLIND", "Planted", "Secret", "guarded"]
