"""Every page shape with made-up work in it, drawn by the base theme: for the theme's tests, and to look at.

``python -m tests.browser.theme_samples FOLDER`` writes the pages and their pictures at 1280 and 390, light and dark,
Chinese and English.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

from dougong import words
from dougong.web import views as v
from dougong.web.themes import Theme, Themes
from dougong.words import Lazy

from .sample_detail import detail_page
from .sample_forms import checks, form_page, matrix_page
from .sample_lists import SITES, T, bulk_page, home_page, list_page

PLAIN = "dougong_theme_plain"


def in_(locale: str) -> T:
    return lambda zh, en: zh if locale == "zh" else en


def shell(locale: str = "zh", person: bool = True, **changes: Any) -> v.Shell:
    t = in_(locale)
    item = v.MenuItem
    made = v.Shell(
        company=t("安禾物业服务有限公司", "Anhe Property Services"),
        locale=locale,
        csrf="0123456789abcdef",
        path="/complaints/complaint?site=anhe",
        request_id="req-7f3a-20261122",
        person=t("林晓", "Lin Xiao") if person else None,
        where=t("投诉", "Complaints"),
        menu=[
            v.MenuGroup(
                t("日常", "Daily work"),
                [
                    item(t("首页", "Home"), "/", "home"),
                    item(t("投诉", "Complaints"), "/complaints/complaint", "case", True, 25),
                    item(t("工单", "Work orders"), "/orders", "order", count=31),
                    item(t("巡检", "Inspections"), "/tasks", "inspect", count=5),
                ],
            ),
            v.MenuGroup(
                t("管理", "Administration"),
                [
                    item(t("三标文件", "Documents"), "/doc", "doc"),
                    item(t("人员", "People"), "/admin/people", "people"),
                    item(t("授权", "Roles per site"), "/admin/grants", "site"),
                    item(t("设置", "Settings"), "/admin/settings", "set"),
                ],
            ),
        ],
        sites=[
            v.SiteOption(t("我的全部站点", "All my sites"), "?", 0),
            v.SiteOption(t("安禾物业", "Anhe"), "#", 0, selectable=False),
            v.SiteOption(t("华东区域", "East region"), "#", 1, selectable=False),
            *(v.SiteOption(t(*s), "?site=x", 2, n == 0) for n, s in enumerate(SITES)),
        ],
        site_label=t("安禾花园", "Anhe Garden"),
        primary=v.Action(t("登记投诉", "Register"), "/complaints/complaint/new", "plus"),
        overdue=3,
        search="/search",
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def pages(locale: str) -> dict[str, tuple[str, Any, dict[str, Any]]]:
    """Name → (template, page, changes of the shell)."""
    t = in_(locale)
    form = v.FormPage(
        t("修改密码", "Change password"),
        "/account/password",
        t("修改", "Change"),
        [
            v.Section(
                "",
                [
                    v.Input("old", t("现在的密码", "Present password"), "password", required=True),
                    v.Input("new", t("新密码", "New password"), "password", required=True),
                ],
            )
        ],
    )
    signin = v.FormPage(
        t("登录", "Sign in"),
        "/signin",
        t("登录", "Sign in"),
        [
            v.Section(
                "",
                [
                    v.Input("username", t("手机号或工号", "User name"), "line", required=True, autocomplete="username"),
                    v.Input(
                        "password", t("密码", "Password"), "password", required=True, autocomplete="current-password"
                    ),
                ],
            )
        ],
    )
    modules = [
        v.Card(
            t("投诉", "Complaints"),
            [
                v.Line(
                    t("启用", "On"),
                    "0.1.0",
                    icon="check",
                    actions=[v.Action(t("停用", "Switch off"), "#", danger=True, post=True)],
                )
            ],
            text=t(
                "登记、派单、回访、上报，时限自动计算。", "Register, assign, visit, escalate; time limits are counted."
            ),
        ),
        v.Card(
            t("巡检", "Inspections"),
            [v.Line(t("未启用", "Off"), icon="close", actions=[v.Action(t("启用", "Switch on"), "#", post=True)])],
        ),
    ]
    back = v.Action(t("回首页", "Back to the start page"), "/", "home", True)
    question = v.FormPage(
        t("谁", "Who"),
        "/explain",
        t("查一查", "Explain"),
        [
            v.Section(
                "",
                [
                    v.Input(
                        "person",
                        t("人员", "Person"),
                        "person",
                        options=[v.Option("1", t("林晓", "Lin Xiao"), True)],
                        required=True,
                    ),
                    v.Input(
                        "permission",
                        t("做什么", "What"),
                        "choice",
                        options=[v.Option("x", t("关闭投诉", "Close complaints"), True)],
                        required=True,
                    ),
                ],
            )
        ],
    )
    return {
        "list": ("list.html", list_page(t), {}),
        "bulk": ("list.html", bulk_page(t), {}),
        "empty": (
            "list.html",
            v.ListPage(
                t("巡检路线", "Routes"),
                [],
                [],
                empty=v.Empty(
                    t("还没有巡检路线", "No routes yet"),
                    t(
                        "路线把要查的点按走的次序连起来。先建一条，再排计划。",
                        "A route joins the points in walking order. Make one, then plan.",
                    ),
                    v.Action(t("建第一条路线", "Make the first route"), "#", "plus", True),
                ),
            ),
            {},
        ),
        "detail": ("detail.html", detail_page(t), {}),
        "form": ("form.html", form_page(t), {}),
        "form-new": ("form.html", form_page(t, errors=False), {}),
        "home": ("home.html", home_page(t), {"path": "/"}),
        "cards": (
            "cards.html",
            v.CardsPage(
                t("模块", "Modules"),
                modules,
                t("公司用到的模块。停用后数据保留。", "What the company uses. Data stays when a module is off."),
                forms=[form],
            ),
            {"flashes": [v.Flash("good", t("已保存。", "Saved."))]},
        ),
        "matrix": ("matrix.html", matrix_page(t), {}),
        "explain": (
            "explain.html",
            v.ExplainPage(
                t("您现在不能关闭 TS-2026-000431", "You cannot close TS-2026-000431 now"),
                t("您没有做错什么。下面是逐项核对的结果。", "You did nothing wrong. Here is what was checked."),
                checks(t),
                [v.Crumb(t("投诉", "Complaints"), "#"), v.Crumb(t("为什么不能", "Why not"))],
                t(
                    "请客服主管·安禾花园关闭，不需要给您加权限。",
                    "Ask the service lead to close it; no grant is needed.",
                ),
                [t("客服主管，安禾花园，最长 30 天", "Service lead, Anhe Garden, 30 days at most")],
                [v.Action(t("返回", "Back"), "#", "left")],
                form=question,
            ),
            {},
        ),
        "signin": (
            "alone.html",
            v.AlonePage(
                t("安禾物业", "Anhe Property"),
                t("登录斗拱", "Sign in to Dougong"),
                signin,
                links=[v.Action(t("忘记密码", "Forgotten your password?"), "/forgot")],
            ),
            {"person": None},
        ),
        "error": (
            "error.html",
            v.ErrorPage(
                403,
                t("您不能打开这一页", "You may not open this page"),
                t("这一页需要另一个角色。", "This page needs another role."),
                t("请管理员授予角色。", "Ask your administrator for a role."),
                back,
                checks(t),
            ),
            {},
        ),
        "error-guest": (
            "error.html",
            v.ErrorPage(
                404,
                t("没有这一页", "There is no such page"),
                t("地址可能写错了。", "The address may be wrong."),
                "",
                back,
            ),
            {"person": None},
        ),
    }


def themes() -> Themes:
    words.load_catalogue(PLAIN)
    return Themes({"plain": Theme("plain", Lazy("Plain"), PLAIN)}, {})


def draw(made: Themes, name: str, locale: str, appearance: str = "auto", **changes: Any) -> str:
    """One page as HTML."""
    template, page, own = pages(locale)[name]
    words.locale.set(locale)
    return made.render("plain", template, shell=shell(locale, **{**own, **changes}), page=page, appearance=appearance)


LOOKS: tuple[tuple[str, int, Literal["light", "dark"]], ...] = (
    ("zh", 1280, "light"),
    ("zh", 390, "light"),
    ("en", 1280, "light"),
    ("en", 390, "light"),
    ("zh", 1280, "dark"),
    ("zh", 390, "dark"),
)


def main(folder: Path) -> None:
    from .serving import Server, browser

    server = Server()
    folder.mkdir(parents=True, exist_ok=True)
    only = sys.argv[2:]
    with browser() as chromium:
        for name in pages("zh"):
            if only and name not in only:
                continue
            for locale, width, scheme in LOOKS:
                page = chromium.new_page(
                    viewport={"width": width, "height": 800}, color_scheme=scheme, has_touch=width < 400
                )
                page.goto(server.address(name, locale))
                page.screenshot(path=folder / f"{name}-{locale}-{width}-{scheme}.png", full_page=True)
                page.close()
    server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
