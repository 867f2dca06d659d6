"""The floor's page: the same list as HTML through the platform's own template, with everything but the rows prepared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import jinja2
from dougong.web.themes import Theme, Themes
from dougong.web.views import Column, ListPage, MenuGroup, MenuItem, Row, Shell, SiteOption, Tab, Value
from dougong.words import translator

COLUMNS = ("number", "statement", "category", "status", "site_id", "owner_id", "resolve_by", "progress_by")


@cache
def _template() -> jinja2.Template:
    theme = Theme("plain", translator("bench")("Plain"), "dougong_theme_plain")
    return Themes({"plain": theme}, {}).environment("plain").get_template("list.html")


@cache
def _shell() -> Shell:
    menu = [
        MenuGroup(
            "Daily", [MenuItem("Home", "/", "home"), MenuItem("Complaints", "/complaints/complaint", "case", True)]
        )
    ]
    sites = [SiteOption(f"Site {n}", f"?site=s{n}", 1) for n in range(20)]
    return Shell(
        "Bench",
        "en",
        "token",
        "/complaints/complaint",
        "req-0",
        person="Person",
        menu=menu,
        sites=sites,
        site_label="All",
    )


def page(rows: Sequence[Any]) -> str:
    """The list as HTML."""
    columns = [
        Column(n, n.title(), role="id" if n == "number" else "title" if n == "statement" else "") for n in COLUMNS
    ]
    shown = [
        Row(
            str(r["id"]),
            f"/complaints/complaint/{r['id']}",
            r["number"],
            [Value("text", str(r[n] or "")) for n in COLUMNS],
        )
        for r in rows
    ]
    tabs = [Tab(n, f"?tab={n}") for n in ("open", "mine", "overdue", "visit", "all")]
    return _template().render(
        shell=_shell(), page=ListPage("Complaints", columns, shown, tabs=tabs, next_href="?after=x")
    )
