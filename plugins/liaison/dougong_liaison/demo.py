"""Liaison of the demo company: agencies, a year's obligations, permits that end soon, an order under way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from dougong import Context, Upload

from . import agencies, takeover
from .records import Agency, Contact, Interaction, Order, Permit, Policy, Support
from .templates_of_law import of_kind

_AGENCIES = (
    ("fire", "安禾区消防救援大队", "安禾区"),
    ("market", "安禾区市场监督管理局", "安禾区"),
    ("environment", "安禾区生态环境分局", "安禾区"),
    ("housing", "安禾区住房和城乡建设局", "安禾区"),
    ("street", "安禾街道办事处", "安禾街道"),
)
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_FEW = ("fire_test", "market_annual", "tax_month", "lift_inspection", "tax_annual", "lightning")


def fill(x: Context[Any]) -> None:
    """Small on purpose: one site with filings by the month, the others with the yearly ones."""
    root = x.snapshot.sites.root
    made = {n: x.create(Agency, root, nature=n, name=name, jurisdiction=where) for n, name, where in _AGENCIES}
    x.session.flush()
    projects = [n for n in x.snapshot.sites.ordered() if n.type == "project" and x.snapshot.module_on("liaison", n.id)]
    for n, node in enumerate(projects[:3]):
        owner = next(iter(x.who("project_manager", node.id)), None)
        if owner is None:
            continue
        kind = ("home", "park", "hospital")[n]
        codes = [one.code for one in of_kind(kind) if one.code in (_FEW if n == 0 else ("fire_test", "lightning"))]
        takeover.take_over(x, node.id, codes, owner.id)
        _paper(x, node.id, owner.id, n, made)
    if projects:
        _case(x, projects[0].id, made)
    agencies.ask_to_sign(x)


def _paper(x: Context[Any], site: UUID, owner: UUID, n: int, made: dict[str, Agency]) -> None:
    today = x.today(site)
    x.create(
        Permit,
        site,
        title=f"{n + 1} 号楼电梯检验",
        nature="lift",
        paper=f"TJ-{today.year}-{n + 1:03d}",
        agency_id=made["market"].id,
        expires_on=today + dt.timedelta(days=25 + 60 * n),
        owner_id=owner,
    )
    x.create(Contact, site, agency_id=made["fire"].id, duty="防火监督", office_phone="0571-88000119", owner_id=owner)


def _scan(x: Context[Any], order: Order) -> None:
    """A page that stands for the paper."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "order.pdf"
        file.write_bytes(_PAGE)
        x.attach(order, Upload.of(file, "责令改正通知书.pdf"))


def _case(x: Context[Any], site: UUID, made: dict[str, Agency]) -> None:
    owner = next(iter(x.who("project_manager", site)), None)
    if owner is None:
        return
    today = x.today(site)
    order = x.create(
        Order,
        site,
        title="消防通道与灭火器整改",
        agency_id=made["fire"].id,
        document="消责改〔2026〕第0012号",
        received_on=today - dt.timedelta(days=3),
        deadline_on=today + dt.timedelta(days=6),
        owner_id=owner.id,
        items="3 号楼消防通道堆放杂物\n地下车库灭火器压力不足 4 具",
    )
    x.session.flush()
    if x.store is not None:  # assigned only with its scan
        _scan(x, order)
        x.take(order, "assign", person=str(owner.id))
    x.create(
        Interaction,
        site,
        nature="inspection",
        title="消防双随机检查",
        agency_id=made["fire"].id,
        surprise=True,
        held_at=x.now - dt.timedelta(days=3),
        participants="项目经理、保安队长",
        conclusion="通道堆物，限期整改",
        owner_id=owner.id,
    )
    root = x.snapshot.sites.root
    above = next(iter(x.who("property_director", root)), owner)  # who may assess what holds for the whole company
    x.create(
        Policy,
        root,
        title="高层民用建筑消防安全管理规定",
        source="应急管理部",
        document="应急管理部令第5号",
        effective_on=today,
        owner_id=above.id,
    )
    x.create(
        Support,
        site,
        title="稳岗返还补贴",
        amount=1_860_000,
        closes_on=today + dt.timedelta(days=20),
        owner_id=owner.id,
    )
