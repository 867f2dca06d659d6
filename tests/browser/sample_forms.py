"""A long form with errors, the grants of four people, and an explanation."""

from __future__ import annotations

from dougong.web import views as v

from .sample_lists import T


def form_page(t: T, errors: bool = True) -> v.FormPage:
    i, o = v.Input, v.Option
    channels = [
        o(n, t(zh, en), n == "phone")
        for n, zh, en in (
            ("phone", "电话", "Phone"),
            ("desk", "现场", "In person"),
            ("web", "线上", "Online"),
            ("letter", "书面", "Letter"),
            ("12345", "12345 转办", "Hotline 12345"),
        )
    ]
    return v.FormPage(
        t("登记投诉", "Register complaint"),
        "/complaints/complaint/new",
        t("登记", "Register"),
        [
            v.Section(
                t("谁投诉", "Who complains"),
                [
                    i("channel", t("渠道", "Channel"), "radios", options=channels, required=True),
                    i(
                        "room",
                        t("房号或位置", "Room or place"),
                        "line",
                        "3-2-1801",
                        required=True,
                        help=t("输入房号，系统带出业主。", "The owner follows from the room."),
                    ),
                    i(
                        "phone",
                        t("电话", "Phone"),
                        "phone",
                        "138 0013 567",
                        required=True,
                        error=t("少一位，应为 11 位", "one digit short: 11 are needed") if errors else "",
                    ),
                ],
            ),
            v.Section(
                t("什么事", "What happened"),
                [
                    i(
                        "category",
                        t("类别", "Category"),
                        "vocabulary",
                        options=[o("leak", t("漏水", "Leak")), o("lift", t("电梯困人", "Lift entrapment"))],
                        required=True,
                        error=t("请选择类别，时限按类别计算", "choose one: time limits follow from it")
                        if errors
                        else "",
                        help=t("不确定时选“其他”，受理时可改。", "If unsure choose “Other”."),
                    ),
                    i("at", t("发生时间", "Happened at"), "datetime", "2026-11-22T13:50"),
                    i(
                        "statement",
                        t("陈述", "Statement"),
                        "prose",
                        t("又漏了", "Leaks again"),
                        required=True,
                        error=t("至少写清何处、何时、何事", "say where, when and what") if errors else "",
                        help=t("按投诉人的原话写。", "In the words of the person."),
                    ),
                    i(
                        "severity",
                        t("严重程度", "Severity"),
                        "radios",
                        options=[
                            o("1", t("一般", "Minor")),
                            o("2", t("重要", "Important"), True),
                            o("3", t("重大", "Major")),
                        ],
                        required=True,
                    ),
                    i(
                        "urgency",
                        t("紧急程度", "Urgency"),
                        "radios",
                        options=[o("1", t("普通", "Normal"), True), o("2", t("紧急", "Urgent"))],
                        required=True,
                    ),
                    i("claim", t("索赔金额", "Claim"), "number", "612.50", unit=t("元", "yuan")),
                    i("day", t("约定日期", "Agreed day"), "date"),
                    i(
                        "tags",
                        t("涉及", "Concerns"),
                        "checks",
                        values=["b"],
                        options=[o("a", t("工程", "Engineering")), o("b", t("保洁", "Cleaning"), True)],
                    ),
                ],
            ),
            v.Section(
                t("谁来办", "Who handles it"),
                [
                    i(
                        "owner_id",
                        t("责任岗位", "Owner"),
                        "person",
                        options=[o("1", t("工程主管·安禾花园", "Engineering lead, Anhe Garden"), True)],
                        required=True,
                    ),
                    i(
                        "accused",
                        t("涉及人员", "Accused"),
                        "line",
                        help=t("此人及其下属看不到本案。", "This person and those below will not see the case."),
                    ),
                    i("anonymous", t("匿名", "Anonymous"), "bool", help=t("不留身份。", "No identity is kept.")),
                ],
            ),
        ],
        crumbs=[
            v.Crumb(t("投诉", "Complaints"), "/complaints/complaint"),
            v.Crumb(t("登记投诉", "Register complaint")),
        ],
        subtitle=t("站点：安禾花园。", "Site: Anhe Garden."),
        errors=[
            ("phone", t("电话少一位，应为 11 位", "Phone: one digit short")),
            ("category", t("没有选类别", "No category chosen")),
            ("statement", t("陈述太短", "Statement too short")),
        ]
        if errors
        else [],
        others=[("then", "solve", t("当场解决", "Solved on the spot"))],
        cancel="/complaints/complaint",
        draft="complaints.complaint",
        aside=[
            v.AsideCard(
                t("这样计时", "How time counts"),
                [
                    v.Fact(t("首次联系", "First contact"), v.Value("text", t("选类别后计算", "follows the category"))),
                    v.Fact(t("解决", "Resolution"), v.Value("text", t("漏水：24 小时", "Leak: 24 hours"))),
                ],
            ),
            v.AsideCard(
                t("3-2-1801 近 90 天", "3-2-1801, 90 days"),
                lines=[
                    v.Line(
                        t("卫生间顶棚渗水", "Bathroom ceiling leaks"),
                        "TS-2026-000418",
                        "#",
                        end=v.Value("clock", t("超时 9 小时", "9 h overdue"), "over", title="2026-11-22 05:20"),
                    )
                ],
            ),
        ],
    )


def matrix_page(t: T) -> v.MatrixPage:
    chip = v.MatrixChip

    def own(zh: str, en: str, tone: str = "") -> v.MatrixChip:
        return chip(t(zh, en), t("自 2026-01-05", "since 2026-01-05"), tone, remove="/admin/grants/1/remove")

    above = chip(t("自公司", "from above"), t("总经理", "General manager"), inherited=True)
    people = (
        (
            ("周正", "Zhou Zheng"),
            ("总经理", "General manager"),
            [[own("总经理", "General manager")], [above], [above], [above]],
        ),
        (
            ("林晓", "Lin Xiao"),
            ("项目经理", "Project manager"),
            [
                [],
                [],
                [own("项目经理", "Project manager"), own("客服主管（代理）", "Service lead (deputy)", "soon")],
                [],
            ],
        ),
        (
            ("陈立", "Chen Li"),
            ("保安队长", "Security lead"),
            [[], [], [], [own("保安队长", "Security lead", "future")]],
        ),
        (
            ("王芳", "Wang Fang"),
            ("保洁主管", "Cleaning lead"),
            [[], [], [own("保洁主管", "Cleaning lead", "ended")], [own("保洁主管", "Cleaning lead")]],
        ),
    )
    return v.MatrixPage(
        t("授权", "Roles per site"),
        t("人员", "Person"),
        [
            v.Crumb(t("公司", "Company"), "#"),
            v.Crumb(t("华东区域", "East region")),
            v.Crumb(t("安禾花园", "Anhe Garden")),
            v.Crumb(t("启程产业园", "Qicheng Park")),
        ],
        [v.MatrixRow(t(*n), t(*s), "#", cells, ["/admin/grants/new"] * 4) for n, s, cells in people],
        [
            v.Filter("role", t("角色", "Role"), "choice", [v.Option("pm", t("项目经理", "Project manager"))]),
            v.Filter("person", t("人员", "Person"), "text"),
        ],
        t(
            "谁在哪个站点是什么角色。上级站点的角色自动及于下级。",
            "Who holds which role where. Roles above reach down.",
        ),
        actions=[
            v.Action(t("变更记录", "History"), "#", "clock"),
            v.Action(t("加人", "Add person"), "#", "plus", True),
        ],
    )


def checks(t: T) -> list[v.Check]:
    yes, no = t("符合", "holds"), t("不符", "does not hold")
    return [
        v.Check(
            t("投诉模块已启用", "The complaints module is on"),
            t("安禾物业，2026-01-05 起", "Anhe, since 2026-01-05"),
            True,
            yes,
        ),
        v.Check(t("您在安禾花园有角色", "You hold a role at Anhe Garden"), t("客服专员", "Service agent"), True, yes),
        v.Check(
            t("角色须含“关闭投诉”", "The role must include closing"),
            t(
                "客服专员可登记、通报、回访；关闭须客服主管",
                "A service agent registers, informs and visits; closing needs the service lead",
            ),
            False,
            no,
        ),
    ]
