"""``dougong tenant apply``: what a file says happens, once; nothing else; and a file that does not fit does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.plugins import Registry
from dougong.records.tables import History
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.custom import CustomField
from dougong.tenancy.tables import Location, Site, due
from dougong.testing.companies import Company, found_company
from dougong.testing.server import Database

from .test_cli import environment_of, invoke

WHOLE = """
slug = "muster"
name = "木石物业"
hosts = ["muster.localhost", "muster.example"]

[look]
brand = "#123456"
locale = "en"

[modules]
"*" = true

[settings.core.calendar]
saturday = "09:00-12:00"

[settings.complaints]
visit_hours = 72
[settings.complaints.categories.noise]
first_contact = 20

[[sites]]
slug = "muster"
name = "木石"
type = "company"

[[sites]]
slug = "west"
name = "西区"
type = "region"

[[sites]]
slug = "w1"
name = "西一苑"
parent = "west"
households = 300
modules = { complaints = false }
locations = [
  { code = "1", name = "1号楼", households = 150 },
  { code = "1-1", name = "1单元", type = "floor", parent = "1" },
]

[roles.service_agent]
name = "客服管家"
add = ["complaints.complaint.close"]
remove = ["complaints.complaint.visit"]

[roles.steward]
name = "管家"
level = 25
add = ["complaints.complaint.read"]

[[people]]
username = "guanjia.w1"
name = "管家·西一苑"
email = "guanjia@example.com"
grants = [
  { role = "steward", site = "w1" },
  { role = "quality", from = 2020-01-01T00:00:00+08:00, until = 2999-01-01T00:00:00+08:00 },
]
"""


@pytest.fixture
def apply(database: Database, registry: Registry, tmp_path: Path) -> Any:
    place = environment_of(database, tmp_path)

    def go(text: str, *more: str, code: int = 0) -> Any:
        file = tmp_path / "company.toml"
        file.write_text(text, "utf-8")
        result = invoke(place, "tenant", "apply", str(file), "--json", *more, code=code)
        return result.stderr if code else json.loads(result.stdout)["changes"]

    return go


def company_of(database: Database, cell: Cell, registry: Registry, slug: str) -> Company:
    from dougong.tenancy.tables import tenants

    with cell.platform() as connection:
        tenant = connection.scalar(sa.select(tenants.c.id).where(tenants.c.slug == slug))
    assert tenant is not None
    return Company(cell, registry, tenant, slug)


def test_the_whole_file(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    changes = apply(WHOLE)
    assert ("create", "company", "muster") in {(c["action"], c["what"], c["name"]) for c in changes}
    company = company_of(database, cell, registry, "muster")
    snapshot = company.snapshot
    assert [(n.slug, n.depth) for n in snapshot.sites.ordered()] == [("muster", 0), ("west", 1), ("w1", 2)]
    assert snapshot.name == "木石物业"
    core: Any = snapshot.settings("core")
    assert (core.brand, core.locale, core.calendar.saturday) == ("#123456", "en", "09:00-12:00")
    complaints: Any = snapshot.settings("complaints")
    assert complaints.visit_hours == 72
    assert complaints.categories["noise"].first_contact == 20
    assert complaints.categories["noise"].hours == 48  # what the file does not mention
    assert len(complaints.categories) == 14
    w1 = snapshot.sites.by_slug["w1"].id
    assert not snapshot.module_on("complaints", w1)
    agent, steward = snapshot.roles["service_agent"], snapshot.roles["steward"]
    assert agent.label == "客服管家"
    assert "complaints.complaint.close" in agent.permissions
    assert "complaints.complaint.visit" not in agent.permissions
    assert (steward.level, steward.permissions) == (25, {"complaints.complaint.read"})
    (person,) = snapshot.people.values()
    assert (person.username, person.status) == ("guanjia.w1", "invited")
    assert sorted(g.role for g in snapshot.grants_of(person.id)) == ["quality", "steward"]
    with company.session() as session:
        places = {row.code: row for row in session.scalars(sa.select(Location))}
        assert places["1-1"].parent_id == places["1"].id
        assert places["1"].households == 150
        assert session.scalar(sa.select(sa.func.count()).where(History.record_kind == "core.site")) == 2


def test_again_does_nothing(apply: Any) -> None:
    assert apply(WHOLE)
    assert apply(WHOLE) == []


def test_a_trial_run_does_nothing_and_says_the_same(apply: Any, database: Database, tmp_path: Path) -> None:
    plan = apply(WHOLE, "--dry-run")
    place = environment_of(database, tmp_path)
    assert json.loads(invoke(place, "tenant", "list", "--json").stdout) == []
    assert apply(WHOLE) == plan


def test_only_the_keys_present(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    apply(WHOLE)
    changes = apply(
        """
        slug = "muster"
        name = "木石新物业"
        look = { brand = "#654321" }
        settings.complaints = { visit_hours = 24 }
        settings.core = { logo = {} }
        sites = [{ slug = "w1", name = "西一花苑", locations = [{ code = "1", households = 160 }] }]
        [[people]]
        username = "guanjia.w1"
        phone = "13800000000"
        grants = [{ role = "quality", until = 2998-01-01T00:00:00+08:00 }]
        """
    )
    said = {(c["action"], c["what"], c["name"]) for c in changes}
    assert said == {
        ("change", "company", "muster"),
        ("change", "settings", "core"),
        ("change", "settings", "complaints"),
        ("change", "site", "w1"),
        ("change", "locations", "w1"),
        ("change", "person", "guanjia.w1"),
        ("change", "grant", "guanjia.w1: quality @ muster"),
    }
    company = company_of(database, cell, registry, "muster")
    snapshot = company.snapshot
    node = snapshot.sites.by_slug["w1"]
    assert (snapshot.name, node.name, snapshot.sites.node(node.parent_id).slug) == ("木石新物业", "西一花苑", "west")
    core: Any = snapshot.settings("core")
    assert (core.brand, core.locale, core.calendar.saturday) == ("#654321", "en", "09:00-12:00")
    assert snapshot.settings("complaints").categories["noise"].first_contact == 20
    (grant,) = [g for g in snapshot.grants if g.role == "quality"]
    assert grant.starts is not None  # not mentioned, so not touched
    assert grant.ends is not None
    assert (grant.starts.year, grant.ends.year) == (2019, 2997)
    with company.session() as session:
        assert session.scalars(sa.select(Site).where(Site.slug == "w1")).one().households == 300
        assert session.scalars(sa.select(Location).where(Location.code == "1")).one().name == "1号楼"


def test_modules_off_and_a_move(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    apply(WHOLE)
    apply(
        'slug = "muster"\nmodules = { complaints = false }\nsites = [{ slug = "w1", parent = "muster", active = false }]'
    )
    snapshot = company_of(database, cell, registry, "muster").snapshot
    assert "complaints" not in snapshot.modules
    node = snapshot.sites.by_slug["w1"]
    assert node.parent_id == snapshot.sites.root
    assert node.id not in snapshot.sites.open


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slug = ", "is not TOML"),
        ("name = 'x'", "slug: is required"),
        ("slug = 'Bad Slug'", "slug: does not have the expected form"),
        ("slug = 'x'\ncolour = 'red'", "colour: is not a field"),
        ("slug = 'x'\nname = 7", "name: must be text"),
        ("slug = 'x'\n[look]\nbrand = 'red'", "settings.core.brand"),
        ("slug = 'x'\n[look]\nlogo = 'https://elsewhere.example/x.svg'", "settings.core.logo"),
        ("slug = 'x'\nhosts = ['Bad Host']", "hosts.0: Not a host name"),
        ("slug = 'x'\nhosts = ['taken.localhost']", "hosts: taken.localhost belongs to another company"),
        ("slug = 'x'\n[modules]\nnope = true", "modules.nope: There is no such module. Installed are: budgeting, complaints"),
        ("slug = 'x'\n[settings.nope]\na = 1", "settings.nope: This module has no settings"),
        ("slug = 'x'\n[settings.complaints]\nvisit_hours = -1", "settings.complaints.visit_hours"),
        ("slug = 'x'\n[settings.complaints]\nvisit = 1", "settings.complaints.visit"),
        ("slug = 'x'\nsites = [{slug='x'}, {slug='y', parent='z'}]", "sites.y.parent: There is no site “z”"),
        ("slug = 'x'\nsites = [{slug='y'}, {slug='y'}]", "slug “y” is there twice"),
        ("slug = 'x'\nsites = [{slug='x'}, {slug='y', timezone='Mars/Base'}]", "sites.1.timezone: is no time zone"),
        ("slug = 'x'\nsites = [{slug='x', locations=[{code='1', parent='9'}]}]", "sites.x.locations.1.parent"),
        ("slug = 'x'\nsites = [{slug='x', locations=[{code='1', households=-5}]}]", "sites.0.locations.0.households"),
        ("slug = 'x'\n[roles.king]\nadd = []", "roles.king.name: A new role needs a name"),
        ("slug = 'x'\n[roles.hr]\nadd = ['nope.do']", "roles.hr.permissions: There is no permission nope.do"),
        ("slug = 'x'\npeople = [{username='a b'}]", "people.a b.username: 2 to 64"),
        (
            "slug = 'x'\npeople = [{username='ab', grants=[{role='king'}]}]",
            "people.ab.grants.0.role: There is no role “king”",
        ),
        ("slug = 'x'\npeople = [{username='ab', grants=[{role='hr', site='z'}]}]", "people.ab.grants.0.site"),
        ("slug = 'x'\npeople = [{username='ab', grants=[{role='hr', until=2999-01-01T00:00:00}]}]", "need a time zone"),
        ("slug = 'x'\npeople = [{username='ab', password='secret'}]", "people.0.password: is not a field"),
        ("slug = 'x'\npeople = [{username='ab'}, {username='AB'}]", "username “ab” is there twice"),
    ],
)
def test_a_file_that_does_not_fit_does_nothing(
    database: Database, registry: Registry, cell: Cell, tmp_path: Path, text: str, words: str
) -> None:
    place = environment_of(database, tmp_path)
    found_company(database.owner, cell, registry, "taken", people={})
    file = tmp_path / "company.toml"
    file.write_text(text, "utf-8")
    said = invoke(place, "tenant", "apply", str(file), code=1).stderr
    assert words in said
    assert "Traceback" not in said
    with cell.platform() as connection:
        from dougong.tenancy.tables import tenants

        assert connection.scalars(sa.select(tenants.c.slug)).all() == ["taken"]


def test_a_circle_of_sites_is_refused(apply: Any) -> None:
    apply(WHOLE)
    said = apply('slug = "muster"\nsites = [{ slug = "west", parent = "w1" }]', code=1)
    assert "sites.west.parent_id: A site cannot be moved below itself" in said
    said = apply('slug = "muster"\nsites = [{ slug = "muster", parent = "w1" }]', code=1)
    assert "sites.muster.parent_id: The company itself" in said


def test_what_the_company_did_itself_stays(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    apply(WHOLE)
    company = company_of(database, cell, registry, "muster")
    company.sites["muster"] = company.snapshot.sites.root
    company.add_person("own", ("hr", "muster"))
    apply(WHOLE)
    assert {p.username for p in company.snapshot.people.values()} == {"own", "guanjia.w1"}


def test_the_bound_tenant_is_the_only_one_touched(
    apply: Any, database: Database, cell: Cell, registry: Registry
) -> None:
    other = found_company(database.owner, cell, registry, "other", people={})
    before = other.snapshot.version
    apply(WHOLE)
    assert other.snapshot.version == before
    with cell.session(Bound(other.tenant)) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Location)) == 0


FIELDS = """
slug = "anhe"

[fields."complaints.complaint".x_lift_no]
type = "text"
title = "电梯编号"
section = "What about"
filtered = true

[fields."complaints.complaint".x_cover]
type = "choice"
title = "保修"
options = [{ value = "in", label = "保内" }, { value = "out", label = "保外" }]
"""


def _fields(cell: Cell, tenant: Any) -> dict[str, CustomField]:
    with cell.session(Bound(tenant)) as session:
        found = {one.name: one for one in session.scalars(sa.select(CustomField))}
        session.expunge_all()
        return found


def test_own_fields(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    apply(WHOLE)
    text = FIELDS.replace('"anhe"', '"muster"')
    tenant = company_of(database, cell, registry, "muster").tenant
    assert [(c["action"], c["what"]) for c in apply(text)] == [("create", "field")] * 2
    held = _fields(cell, tenant)
    assert (held["x_lift_no"].title, held["x_lift_no"].filtered) == ("电梯编号", True)
    assert held["x_cover"].options == [["in", "保内"], ["out", "保外"]]
    assert apply(text) == []
    assert len(apply(text.replace("电梯编号", "电梯号"))) == 1
    assert _fields(cell, tenant)["x_lift_no"].filtered is True
    for wrong, path in (('"text"', "type"), ("complaints.complaint", "fields"), ('"电梯编号"', "title")):
        other = {'"text"': '"number"', "complaints.complaint": "no.such", '"电梯编号"': '""'}[wrong]
        assert path in apply(text.replace(wrong, other), code=1)


CALENDARS = """
slug = "muster"

[settings.core]
calendar_uses = [{ calendar = "night", post = "watch" }, { calendar = "night", site = "w1" }]

[settings.core.calendars.night]
name = "夜班"
kind = "shifts"
shifts = [{ name = "夜班", hours = "22:00-02:00, 02:30-06:00" }]

[roles.watch]
name = "值守"
"""


def test_calendars_of_a_file(apply: Any, database: Database, cell: Cell, registry: Registry) -> None:
    apply(WHOLE)
    company = company_of(database, cell, registry, "muster")
    with company.session() as session:
        session.execute(sa.delete(due))
    assert [(c["what"], c["name"]) for c in apply(CALENDARS)] == [("role", "watch"), ("settings", "core")]
    assert apply(CALENDARS) == []
    site = company.snapshot.sites.by_slug["w1"].id
    assert company.snapshot.calendars.holding(site).slug == "night"
    assert company.snapshot.settings("core").calendar.saturday == "09:00-12:00"  # type: ignore[attr-defined]
    with company.session() as session:
        assert session.scalar(sa.select(due.c.kind).where(due.c.kind == "core.calendar")) == "core.calendar"
    said = apply('slug = "muster"\n[settings.core]\ncalendar_uses = [{ calendar = "day", site = "moon" }]\n', code=1)
    assert "calendar_uses.0.site" in said
    assert "calendar_uses.0.calendar" in said
