"""Made-up complaints as a list and as a day's work."""

from __future__ import annotations

from collections.abc import Callable

from dougong.web import views as v

T = Callable[[str, str], str]
ROWS = (
    (
        "000418",
        "over",
        "超时 9 小时",
        "9 h overdue",
        "warn",
        "3 号楼 2 单元 1801 卫生间顶棚渗水，第三次报修未根治",
        "Building 3-2-1801: bathroom ceiling leaks again, third report, cause never mended",
        "漏水",
        "Leak",
        "doing",
        "工程主管",
        "Engineering lead",
        "over",
    ),
    (
        "000422",
        "over",
        "超时 3 小时",
        "3 h overdue",
        "",
        "地下车库 B1-117 车位被外来车辆长期占用",
        "Parking space B1-117 held by an outside car for days, owner cannot park",
        "停车秩序",
        "Parking",
        "doing",
        "保安队长",
        "Security lead",
        "left",
    ),
    (
        "000409",
        "over",
        "超时 40 分",
        "40 min overdue",
        "",
        "2026 年三季度物业费重复扣款，要求退回 612.50 元",
        "Third-quarter fee was charged twice, asks for ¥ 612.50 back",
        "收费争议",
        "Billing",
        "acc",
        "客服专员",
        "Service agent",
        "soon",
    ),
    (
        "000431",
        "soon",
        "剩 1:20",
        "1:20 left",
        "bad",
        "5 号楼 1 单元电梯困人，回访不满意后重新处理",
        "Building 5-1 lift entrapment, reopened after an unhappy return visit",
        "电梯困人",
        "Lift entrapment",
        "doing",
        "工程主管",
        "Engineering lead",
        "soon",
    ),
    (
        "000433",
        "soon",
        "剩 2:05",
        "2:05 left",
        "bad",
        "启程 2 号厂房 3 层东侧停电，产线停机",
        "Plant 2, third floor east: no power, the production line stands still",
        "停水停电",
        "Water or power",
        "doing",
        "工程主管",
        "Engineering lead",
        "left",
    ),
    (
        "000430",
        "left",
        "剩 5:30",
        "5:30 left",
        "warn",
        "和康医院 4 号楼住院部 6 层安全出口堆放轮椅",
        "Ward block 4, sixth floor: wheelchairs block the fire exit",
        "消防隐患",
        "Fire hazard",
        "doing",
        "保安队长",
        "Security lead",
        "left",
    ),
    (
        "000428",
        "left",
        "剩 8:15",
        "8:15 left",
        "",
        "7 号楼 1 单元 603 厨房下水管漏水，殃及 503",
        "Building 7-1-603: kitchen drain leaks into 503",
        "漏水",
        "Leak",
        "hold",
        "工程主管",
        "Engineering lead",
        "left",
    ),
    (
        "000427",
        "left",
        "剩 9:50",
        "9:50 left",
        "",
        "门诊楼一层卫生间异味，甲方后勤处转办",
        "Outpatient block: toilets on the ground floor smell, sent by the client",
        "环境卫生",
        "Cleanliness",
        "acc",
        "保洁主管",
        "Cleaning lead",
        "left",
    ),
    (
        "000426",
        "left",
        "剩 11:20",
        "11:20 left",
        "warn",
        "宿舍 2 栋 4 层夜间有陌生人敲门",
        "Dormitory 2, fourth floor: a stranger knocks at night",
        "治安",
        "Security",
        "visit",
        "宿舍管理员",
        "Dormitory keeper",
        "left",
    ),
    (
        "000407",
        "done",
        "按时",
        "On time",
        "",
        "8 号楼 2 单元 2201 屋面渗漏，已做闭水试验",
        "Building 8-2-2201: roof leak, water test done",
        "漏水",
        "Leak",
        "done",
        "工程主管",
        "Engineering lead",
        "none",
    ),
)
STATES = {
    "new": ("登记", "Registered"),
    "acc": ("受理", "Accepted"),
    "doing": ("处理中", "In progress"),
    "hold": ("挂起", "On hold"),
    "visit": ("待回访", "Visit due"),
    "done": ("关闭", "Closed"),
}
CLOCKS = {
    "over": ("超时 2:10", "2:10 overdue"),
    "soon": ("剩 0:20", "0:20 left"),
    "left": ("剩 6:40", "6:40 left"),
    "none": ("–", "–"),
}
SITES = (("安禾花园", "Anhe Garden"), ("启程产业园", "Qicheng Park"), ("和康医院项目", "Hekang Hospital"))


def list_page(t: T, rows: int = 20) -> v.ListPage:
    column = v.Column
    made = []
    for n in range(rows):
        number, tone, zh, en, tag, text, text_en, cat, cat_en, state, owner, owner_en, next_ = ROWS[n % len(ROWS)]
        tags = [v.Value("tag", t("重大", "Major") if tag == "bad" else t("重要", "Important"), tag)] if tag else []
        made.append(
            v.Row(
                f"{n}",
                "/complaints/complaint/1",
                f"TS-2026-{number}",
                [
                    v.Value("text", f"TS-2026-{number}"),
                    v.Value("clock", t(zh, en), tone, title="2026-11-22 15:40"),
                    v.Value("text", t(text, text_en)),
                    v.Value("text", t(cat, cat_en)),
                    v.Value("state", t(*STATES[state]), state),
                    v.Value("text", t(*SITES[n % 3])),
                    v.Value("person", t(owner, owner_en)),
                    v.Value("clock", t(*CLOCKS[next_]), next_, title="2026-11-22 16:30")
                    if next_ != "none"
                    else v.Value("empty", "–"),
                ],
                tags,
            )
        )
    options = [v.Option(k, t(*names), k in ("acc", "doing")) for k, names in STATES.items()]
    return v.ListPage(
        t("投诉台账", "Complaints"),
        [
            column("number", t("编号", "Number"), role="id"),
            column("resolve_by", t("时限", "Time limit"), "clock", "?sort=-resolve_by", "ascending"),
            column("statement", t("内容", "Statement"), role="title"),
            column("category", t("类别", "Category"), "text", "?sort=category"),
            column("status", t("状态", "Status"), "state"),
            column("site", t("站点", "Site")),
            column("owner", t("责任岗位", "Owner")),
            column("next", t("下次进度", "Next notice"), "clock", role="desk"),
        ],
        made,
        actions=[
            v.Action(t("导出", "Export"), "?", "export"),
            v.Action(t("登记投诉", "Register complaint"), "/complaints/complaint/new", "plus", main=True),
        ],
        tabs=[
            v.Tab(t("未关闭", "Open"), "?", 25, True),
            v.Tab(t("我的", "Mine"), "?tab=mine", 12),
            v.Tab(t("超时", "Overdue"), "?tab=late", 3),
            v.Tab(t("待回访", "Visit due"), "?tab=visit", 5),
            v.Tab(t("全部", "All"), "?tab=all", 431),
        ],
        filters=[
            v.Filter(
                "status", t("状态", "Status"), "choice", options, summary=t("受理、处理中", "Accepted, In progress")
            ),
            v.Filter(
                "category",
                t("类别", "Category"),
                "choice",
                [v.Option(str(n), t("漏水", "Leak") + str(n)) for n in range(14)],
            ),
            v.Filter("owner_id", t("责任岗位", "Owner"), "person", [v.Option("1", t("工程主管", "Engineering lead"))]),
            v.Filter(
                "created_at",
                t("登记时间", "Registered"),
                "date_range",
                value="2026-10-23",
                value2="2026-11-22",
                summary=t("近 30 天", "30 days"),
            ),
        ],
        hidden=[("tab", "open")],
        clear_href="?",
        next_href="?after=x",
        summary=t("第 1–20 件", "1 to 20"),
    )


def bulk_page(t: T) -> v.ListPage:
    made = list_page(t, 6)
    made.bulk = [v.Action(t("改派", "Reassign"), "#", "user"), v.Action(t("合并", "Merge"), "#", "link")]
    return made


def home_page(t: T) -> v.HomePage:
    def line(n: int) -> v.Line:
        number, tone, zh, en, _tag, text, text_en, cat, cat_en, *_rest = ROWS[n]
        return v.Line(
            t(text, text_en),
            f"TS-2026-{number} · {t(cat, cat_en)}",
            "#",
            "case",
            v.Value("clock", t(zh, en), tone, title="2026-11-22 15:40"),
        )

    return v.HomePage(
        t("今天", "Today"),
        t(
            "11 月 22 日，星期日，14:20。已超时 3 件，今天要做 6 件。",
            "Sunday 22 November, 14:20. 3 overdue, 6 to do today.",
        ),
        [
            v.Figure(
                t("未关闭投诉", "Open complaints"), "15", t("件", ""), t("比上周少 4 件", "4 fewer than last week"), "#"
            ),
            v.Figure(t("今日巡检", "Inspections today"), "41", "/ 46", t("5 项未到窗口", "5 not yet due"), "#"),
            v.Figure(
                t("10 月按时解决率", "Solved in time, October"),
                "92.9",
                "%",
                t("比 9 月高 2.2 点", "2.2 points up"),
                "#",
            ),
            v.Figure(t("已超时", "Overdue"), "3", t("件", ""), t("最久 9 小时", "longest 9 hours"), "#", "bad"),
        ],
        [
            v.Card(t("已超时", "Overdue"), [line(n) for n in range(3)], 3, v.Action(t("全部", "All"), "#"), tone="bad"),
            v.Card(
                t("今天要做", "To do today"),
                [line(n) for n in range(3, 9)],
                6,
                empty=t("今天没有要做的。", "Nothing to do today."),
            ),
        ],
        [
            v.Card(
                t("待我审批", "Waiting for my approval"),
                [
                    v.Line(
                        t("追加电梯配件 ¥ 18,600.00", "More lift parts, ¥ 18,600.00"),
                        t("工程主管·电梯维保已用 93%", "Engineering lead, 93% used"),
                        "#",
                        "budget",
                        actions=[v.Action(t("审批", "Decide"), "#")],
                    )
                ]
                * 2,
                2,
            ),
            v.Card(
                t("通知", "News"),
                [
                    v.Line(
                        t(
                            "文件控制程序 C/1 于 12-01 起现行，须阅读确认",
                            "Document control C/1 applies from 1 December, please confirm",
                        ),
                        t("品质专员·11-21", "Quality, 21 Nov"),
                        "#",
                        "doc",
                    )
                ],
            ),
            v.Card(t("我的申请", "My requests"), empty=t("没有待办的申请。", "No open requests.")),
        ],
        [v.Action(t("登记投诉", "Register complaint"), "#", "plus", True)],
    )
