"""The floor's page: the same list as HTML through the platform's own template, with everything but the rows prepared.

Menu, sites, filters and tabs are made once; a row is made by hand, in the words and kinds of values of the real page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jinja2
from dougong.web.themes import Theme, Themes
from dougong.web.views import (
    Action,
    Column,
    Filter,
    ListPage,
    MenuGroup,
    MenuItem,
    Option,
    Row,
    Shell,
    SiteOption,
    Tab,
    Value,
)  # fmt: skip
from dougong.words import translator

ZONE = ZoneInfo("Asia/Shanghai")
LIST = "/complaints/complaint"
COLUMNS = (
    ("number", "编号", "text", "id"), ("statement", "诉求", "prose", "title"), ("category", "类别", "vocabulary", ""),
    ("status", "状态", "state", ""), ("site_id", "项目", "site", ""), ("owner_id", "责任人", "person", ""),
    ("resolve_by", "解决", "clock", ""), ("progress_by", "下次进度", "clock", "desk"),
)  # fmt: skip
CATEGORIES = {
    "water_leak": "漏水", "facility_fault": "设施故障", "cleanliness": "保洁", "noise": "噪音", "parking": "停车",
    "charges": "收费", "service_attitude": "服务态度", "other": "其他",
}  # fmt: skip
STATES = {
    "registered": Value("state", "登记", "new"), "accepted": Value("state", "受理", "acc"),
    "working": Value("state", "处理中", "doing"), "held": Value("state", "挂起", "hold"),
    "visit": Value("state", "待回访", "visit"),
}  # fmt: skip
SEVERITIES = {
    "minor": Value("tag", "一般", "info"),
    "important": Value("tag", "重要", "warn"),
    "major": Value("tag", "重大", "bad"),
}
URGENCIES = {"normal": Value("tag", "普通", "info"), "urgent": Value("tag", "紧急", "bad")}
TABS = (("open", "未结"), ("mine", "我的"), ("overdue", "超时"), ("visit", "待回访"), ("all", "全部"))
EMPTY, NO_CLOCK = Value("empty", "–"), Value("clock", "–", "none")


@cache
def _template() -> jinja2.Template:
    theme = Theme("plain", translator("bench")("Plain"), "dougong_theme_plain")
    return Themes({"plain": theme}, {}).environment("plain").get_template("list.html")


@cache
def _shell() -> Shell:
    menu = [MenuGroup("日常", [MenuItem("首页", "/", "home"), MenuItem("投诉", LIST, "case", True)])]
    sites = [SiteOption(f"Site {n}", f"{LIST}?site=s{n}", 1) for n in range(3)]
    return Shell(
        "Bench", "zh", "f" * 64, LIST, "req-0", person="Person", where="投诉", menu=menu, sites=sites,
        site_label="我的全部站点", primary=_action(),
    )  # fmt: skip


@cache
def _action() -> Action:
    return Action("登记投诉", f"{LIST}/new", "plus", main=True)


@cache
def _filters() -> list[Filter]:
    choices = (
        ("status", 8), ("channel", 6), ("complainant_type", 5), ("category", 8), ("severity", 3), ("urgency", 2),
        ("owner_id", 6), ("cause", 7), ("resolve_late", 2),
    )  # fmt: skip
    made = [Filter(n, n, "choice", [Option(f"{n}_{i}", f"选项 {i}") for i in range(many)]) for n, many in choices]
    return [*made, *(Filter(n, n, "date_range") for n in ("closed_at", "created_at"))]


@cache
def _columns() -> list[Column]:
    return [Column(n, label, kind, f"{LIST}?sort=-{n}", role=role) for n, label, kind, role in COLUMNS]


def _clock(due: dt.datetime | None, done: dt.datetime | None, runs: bool, now: dt.datetime) -> Value:
    if due is None or (done is None and not runs):
        return NO_CLOCK
    left = int((due - (done or now)).total_seconds())
    size = abs(left)
    text = f"{size // 60} 分" if size < 3600 else f"{size // 3600} 小时" if size < 86400 else f"{size // 86400} 天"
    title = due.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if left < 0:
        return Value("clock", f"超 {text}", "late" if done else "over", title=title, datetime=due.isoformat())
    tone = "done" if done else "soon" if left <= 3600 else "left"
    return Value("clock", f"剩 {text}", tone, title=title, datetime=due.isoformat())


def _row(r: Any, names: Mapping[UUID, str], now: dt.datetime) -> Row:
    status, owner = r["status"], r["owner_id"]
    cells = [
        Value("text", r["number"]),
        Value("prose", r["statement"]),
        Value("text", CATEGORIES[r["category"]]),
        STATES[status],
        Value("text", names[r["site_id"]]),
        Value("person", names[owner]) if owner else EMPTY,
        _clock(r["resolve_by"], r["resolved_at"], status in ("registered", "accepted", "working"), now),
        _clock(r["progress_by"], None, status != "visit", now),
    ]
    tags = [SEVERITIES[r["severity"]], URGENCIES[r["urgency"]]]
    return Row(str(r["id"]), f"{LIST}/{r['id']}", r["number"], cells, tags)


def page(rows: Sequence[Any], names: Mapping[UUID, str]) -> str:
    """The list as HTML. :param names: of the company's people and sites."""
    now = dt.datetime.now(dt.UTC)
    shown = [_row(r, names, now) for r in rows[:30]]
    counts = rows[0] if rows else dict.fromkeys((n for n, _label in TABS), 0)
    tabs = [Tab(label, f"{LIST}?tab={n}", counts[n], n == "open") for n, label in TABS]
    following = f"{LIST}?after={rows[29]['created_at'].isoformat()}" if len(rows) > 30 else None
    made = ListPage(
        "投诉", _columns(), shown, actions=[_action()], tabs=tabs, filters=_filters(), next_href=following,
        summary=f"本页 {len(shown)} 条",
    )  # fmt: skip
    return _template().render(shell=_shell(), page=made, appearance="auto")
