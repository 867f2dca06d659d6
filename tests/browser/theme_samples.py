"""Every page shape with made-up work in it, drawn by the base theme: for the theme's tests, and to look at.

``python tests/browser/theme_samples.py FOLDER`` writes the pages and their pictures at 1280 and 390, light and dark,
Chinese and English.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dougong import words
from dougong.web import views as v
from dougong.web.themes import Theme, Themes
from dougong.words import Lazy

PLAIN = "dougong_theme_plain"
T = Callable[[str, str], str]

ROWS = (
    ("000418", "over", "超时 9 小时", "9 h overdue", "warn", "3 号楼 2 单元 1801 卫生间顶棚渗水，第三次报修未根治", "Building 3-2-1801: bathroom ceiling leaks again, third report, cause never mended", "漏水", "Leak", "doing", "工程主管", "Engineering lead", "over"),
    ("000422", "over", "超时 3 小时", "3 h overdue", "", "地下车库 B1-117 车位被外来车辆长期占用", "Parking space B1-117 held by an outside car for days, owner cannot park", "停车秩序", "Parking", "doing", "保安队长", "Security lead", "left"),
    ("000409", "over", "超时 40 分", "40 min overdue", "", "2026 年三季度物业费重复扣款，要求退回 612.50 元", "Third-quarter fee was charged twice, asks for ¥ 612.50 back", "收费争议", "Billing", "acc", "客服专员", "Service agent", "soon"),
    ("000431", "soon", "剩 1:20", "1:20 left", "bad", "5 号楼 1 单元电梯困人，回访不满意后重新处理", "Building 5-1 lift entrapment, reopened after an unhappy return visit", "电梯困人", "Lift entrapment", "doing", "工程主管", "Engineering lead", "soon"),
    ("000433", "soon", "剩 2:05", "2:05 left", "bad", "启程 2 号厂房 3 层东侧停电，产线停机", "Plant 2, third floor east: no power, the production line stands still", "停水停电", "Water or power", "doing", "工程主管", "Engineering lead", "left"),
    ("000430", "left", "剩 5:30", "5:30 left", "warn", "和康医院 4 号楼住院部 6 层安全出口堆放轮椅", "Ward block 4, sixth floor: wheelchairs block the fire exit", "消防隐患", "Fire hazard", "doing", "保安队长", "Security lead", "left"),
    ("000428", "left", "剩 8:15", "8:15 left", "", "7 号楼 1 单元 603 厨房下水管漏水，殃及 503", "Building 7-1-603: kitchen drain leaks into 503", "漏水", "Leak", "hold", "工程主管", "Engineering lead", "left"),
    ("000427", "left", "剩 9:50", "9:50 left", "", "门诊楼一层卫生间异味，甲方后勤处转办", "Outpatient block: toilets on the ground floor smell, sent by the client", "环境卫生", "Cleanliness", "acc", "保洁主管", "Cleaning lead", "left"),
    ("000426", "left", "剩 11:20", "11:20 left", "warn", "宿舍 2 栋 4 层夜间有陌生人敲门", "Dormitory 2, fourth floor: a stranger knocks at night", "治安", "Security", "visit", "宿舍管理员", "Dormitory keeper", "left"),
    ("000407", "done", "按时", "On time", "", "8 号楼 2 单元 2201 屋面渗漏，已做闭水试验", "Building 8-2-2201: roof leak, water test done", "漏水", "Leak", "done", "工程主管", "Engineering lead", "none"),
)  # fmt: skip
STATES = {"new": ("登记", "Registered"), "acc": ("受理", "Accepted"), "doing": ("处理中", "In progress"), "hold": ("挂起", "On hold"), "visit": ("待回访", "Visit due"), "done": ("关闭", "Closed")}  # fmt: skip
CLOCKS = {"over": ("超时 2:10", "2:10 overdue"), "soon": ("剩 0:20", "0:20 left"), "left": ("剩 6:40", "6:40 left"), "none": ("–", "–")}
SITES = (("安禾花园", "Anhe Garden"), ("启程产业园", "Qicheng Park"), ("和康医院项目", "Hekang Hospital"))


def in_(locale: str) -> T:
    return lambda zh, en: zh if locale == "zh" else en


def shell(locale: str = "zh", person: bool = True, **changes: Any) -> v.Shell:
    t = in_(locale)
    item = v.MenuItem
    made = v.Shell(
        company=t("安禾物业服务有限公司", "Anhe Property Services"), locale=locale, csrf="0123456789abcdef", path="/complaints/complaint?site=anhe",
        request_id="req-7f3a-20261122", person=t("林晓", "Lin Xiao") if person else None, where=t("投诉", "Complaints"),
        menu=[
            v.MenuGroup(t("日常", "Daily work"), [item(t("首页", "Home"), "/", "home"), item(t("投诉", "Complaints"), "/complaints/complaint", "case", True, 25), item(t("工单", "Work orders"), "/orders", "order", count=31), item(t("巡检", "Inspections"), "/tasks", "inspect", count=5)]),
            v.MenuGroup(t("管理", "Administration"), [item(t("三标文件", "Documents"), "/doc", "doc"), item(t("人员", "People"), "/admin/people", "people"), item(t("授权", "Roles per site"), "/admin/grants", "site"), item(t("设置", "Settings"), "/admin/settings", "set")]),
        ],
        sites=[
            v.SiteOption(t("我的全部站点", "All my sites"), "?", 0), v.SiteOption(t("安禾物业", "Anhe"), "#", 0, selectable=False), v.SiteOption(t("华东区域", "East region"), "#", 1, selectable=False),
            *(v.SiteOption(t(*s), "?site=x", 2, n == 0) for n, s in enumerate(SITES)),
        ],
        site_label=t("安禾花园", "Anhe Garden"), primary=v.Action(t("登记投诉", "Register"), "/complaints/complaint/new", "plus"), overdue=3, search="/search",
    )  # fmt: skip
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _list(t: T, rows: int = 20) -> v.ListPage:
    column = v.Column
    made = []
    for n in range(rows):
        number, tone, zh, en, tag, text, text_en, cat, cat_en, state, owner, owner_en, next_ = ROWS[n % len(ROWS)]
        tags = [v.Value("tag", t("重大", "Major") if tag == "bad" else t("重要", "Important"), tag)] if tag else []
        made.append(
            v.Row(
                f"{n}", "/complaints/complaint/1", f"TS-2026-{number}",
                [
                    v.Value("text", f"TS-2026-{number}"), v.Value("clock", t(zh, en), tone, title="2026-11-22 15:40"), v.Value("text", t(text, text_en)), v.Value("text", t(cat, cat_en)),
                    v.Value("state", t(*STATES[state]), state), v.Value("text", t(*SITES[n % 3])), v.Value("person", t(owner, owner_en)), v.Value("clock", t(*CLOCKS[next_]), next_, title="2026-11-22 16:30") if next_ != "none" else v.Value("empty", "–"),
                ],
                tags,
            )  # fmt: skip
        )
    options = [v.Option(k, t(*names), k in ("acc", "doing")) for k, names in STATES.items()]
    return v.ListPage(
        t("投诉台账", "Complaints"),
        [
            column("number", t("编号", "Number"), role="id"), column("resolve_by", t("时限", "Time limit"), "clock", "?sort=-resolve_by", "ascending"), column("statement", t("内容", "Statement"), role="title"),
            column("category", t("类别", "Category"), "text", "?sort=category"), column("status", t("状态", "Status"), "state"), column("site", t("站点", "Site")), column("owner", t("责任岗位", "Owner")),
            column("next", t("下次进度", "Next notice"), "clock", role="desk"),
        ],
        made,
        actions=[v.Action(t("导出", "Export"), "?", "export"), v.Action(t("登记投诉", "Register complaint"), "/complaints/complaint/new", "plus", main=True)],
        tabs=[v.Tab(t("未关闭", "Open"), "?", 25, True), v.Tab(t("我的", "Mine"), "?tab=mine", 12), v.Tab(t("超时", "Overdue"), "?tab=late", 3), v.Tab(t("待回访", "Visit due"), "?tab=visit", 5), v.Tab(t("全部", "All"), "?tab=all", 431)],
        filters=[
            v.Filter("status", t("状态", "Status"), "choice", options, summary=t("受理、处理中", "Accepted, In progress")), v.Filter("category", t("类别", "Category"), "choice", [v.Option(str(n), t("漏水", "Leak") + str(n)) for n in range(14)]),
            v.Filter("owner_id", t("责任岗位", "Owner"), "person", [v.Option("1", t("工程主管", "Engineering lead"))]), v.Filter("created_at", t("登记时间", "Registered"), "date_range", value="2026-10-23", value2="2026-11-22", summary=t("近 30 天", "30 days")),
        ],
        hidden=[("tab", "open")], clear_href="?", next_href="?after=x", summary=t("第 1–20 件", "1 to 20"),
    )  # fmt: skip


def _form(t: T, errors: bool = True) -> v.FormPage:
    i, o = v.Input, v.Option
    channels = [o(n, t(zh, en), n == "phone") for n, zh, en in (("phone", "电话", "Phone"), ("desk", "现场", "In person"), ("web", "线上", "Online"), ("letter", "书面", "Letter"), ("12345", "12345 转办", "Hotline 12345"))]
    return v.FormPage(
        t("登记投诉", "Register complaint"), "/complaints/complaint/new", t("登记", "Register"),
        [
            v.Section(t("谁投诉", "Who complains"), [
                i("channel", t("渠道", "Channel"), "radios", options=channels, required=True), i("room", t("房号或位置", "Room or place"), "line", "3-2-1801", required=True, help=t("输入房号，系统带出业主。", "The owner follows from the room.")),
                i("phone", t("电话", "Phone"), "phone", "138 0013 567", required=True, error=t("少一位，应为 11 位", "one digit short: 11 are needed") if errors else ""),
            ]),
            v.Section(t("什么事", "What happened"), [
                i("category", t("类别", "Category"), "vocabulary", options=[o("leak", t("漏水", "Leak")), o("lift", t("电梯困人", "Lift entrapment"))], required=True, error=t("请选择类别，时限按类别计算", "choose one: time limits follow from it") if errors else "", help=t("不确定时选“其他”，受理时可改。", "If unsure choose “Other”.")),
                i("at", t("发生时间", "Happened at"), "datetime", "2026-11-22T13:50"), i("statement", t("陈述", "Statement"), "prose", t("又漏了", "Leaks again"), required=True, error=t("至少写清何处、何时、何事", "say where, when and what") if errors else "", help=t("按投诉人的原话写。", "In the words of the person.")),
                i("severity", t("严重程度", "Severity"), "radios", options=[o("1", t("一般", "Minor")), o("2", t("重要", "Important"), True), o("3", t("重大", "Major"))], required=True),
                i("urgency", t("紧急程度", "Urgency"), "radios", options=[o("1", t("普通", "Normal"), True), o("2", t("紧急", "Urgent"))], required=True),
                i("claim", t("索赔金额", "Claim"), "number", "612.50", unit=t("元", "yuan")), i("day", t("约定日期", "Agreed day"), "date"), i("tags", t("涉及", "Concerns"), "checks", values=["b"], options=[o("a", t("工程", "Engineering")), o("b", t("保洁", "Cleaning"), True)]),
            ]),
            v.Section(t("谁来办", "Who handles it"), [i("owner_id", t("责任岗位", "Owner"), "person", options=[o("1", t("工程主管·安禾花园", "Engineering lead, Anhe Garden"), True)], required=True), i("accused", t("涉及人员", "Accused"), "line", help=t("此人及其下属看不到本案。", "This person and those below will not see the case.")), i("anonymous", t("匿名", "Anonymous"), "bool", help=t("不留身份。", "No identity is kept."))]),
        ],
        crumbs=[v.Crumb(t("投诉", "Complaints"), "/complaints/complaint"), v.Crumb(t("登记投诉", "Register complaint"))], subtitle=t("站点：安禾花园。", "Site: Anhe Garden."),
        errors=[("phone", t("电话少一位，应为 11 位", "Phone: one digit short")), ("category", t("没有选类别", "No category chosen")), ("statement", t("陈述太短", "Statement too short"))] if errors else [],
        others=[("then", "solve", t("当场解决", "Solved on the spot"))], cancel="/complaints/complaint", draft="complaints.complaint",
        aside=[v.AsideCard(t("这样计时", "How time counts"), [v.Fact(t("首次联系", "First contact"), v.Value("text", t("选类别后计算", "follows the category"))), v.Fact(t("解决", "Resolution"), v.Value("text", t("漏水：24 小时", "Leak: 24 hours")))]), v.AsideCard(t("3-2-1801 近 90 天", "3-2-1801, 90 days"), lines=[v.Line(t("卫生间顶棚渗水", "Bathroom ceiling leaks"), "TS-2026-000418", "#", end=v.Value("clock", t("超时 9 小时", "9 h overdue"), "over", title="2026-11-22 05:20"))])],
    )  # fmt: skip


def _detail(t: T) -> v.DetailPage:
    text, fact, entry, action = (lambda x: v.Value("text", x)), v.Fact, v.Entry, v.Action
    today, yesterday = t("今天 11 月 22 日", "Today 22 Nov"), t("昨天 11 月 21 日", "Yesterday 21 Nov")
    notice = v.FormPage(t("发进度给投诉人", "Send progress"), "/complaints/complaint/1/do/notify", t("发送", "Send"), [v.Section("", [v.Input("text", t("内容", "Text"), "prose", required=True, help=t("以“您”称呼，写清下一步和时间。", "Say the next step and when.")), v.Input("way", t("方式", "Way"), "radios", options=[v.Option("sms", t("短信", "Text message"), True), v.Option("call", t("电话已告知", "By phone"))], required=True)])])
    return v.DetailPage(
        t("5 号楼 1 单元电梯困人，两位住户被困 23 分钟", "Building 5-1 lift entrapment, two residents trapped for 23 minutes"), "TS-2026-000431",
        [v.Crumb(t("投诉", "Complaints"), "/complaints/complaint"), v.Crumb("TS-2026-000431")], v.Value("state", t("处理中", "In progress"), "doing"),
        [v.Value("tag", t("重大", "Major"), "bad"), v.Value("tag", t("紧急", "Urgent"), "bad"), v.Value("tag", t("回访不满意 1 次", "One unhappy visit"), "warn")], t("责任岗位 工程主管·安禾花园", "Owner: engineering lead, Anhe Garden"),
        [action(t("发进度", "Send progress"), "/complaints/complaint/1/do/notify", "send", True, dialog="do-notify"), action(t("上报", "Escalate"), "#", "up"), action(t("转待回访", "To return visit"), "#", "s-visit", post=True)],
        [action(t("修改", "Edit"), "#", "edit"), action(t("作废", "Void"), "#", "trash", danger=True, post=True)],
        [v.Refusal(t("挂起", "Hold"), t("此案已挂起 2 次，达到上限。", "Already on hold twice, the limit."), "/explain"), v.Refusal(t("关闭", "Close"), t("须先有一次满意或基本满意的回访。", "A return visit must have found it settled."))],
        [v.Step(t("登记", "Registered"), "new", True, note="11-21 08:42"), v.Step(t("受理", "Accepted"), "acc", True, note="08:43"), v.Step(t("处理中", "In progress"), "doing", current=True, note=t("第 2 次", "2nd time")), v.Step(t("待回访", "Visit due"), "visit"), v.Step(t("关闭", "Closed"), "acc")],
        [v.Due(t("解决时限", "Resolution"), v.Value("clock", t("剩 1:20", "1:20 left"), "soon", title="2026-11-22 15:40"), t("今天 15:40 到期", "due today 15:40")), v.Due(t("下次进度", "Next notice"), v.Value("clock", t("剩 0:12", "0:12 left"), "soon", title="2026-11-22 14:32"), t("每 2 小时一次", "every 2 hours")), v.Due(t("首次联系", "First contact"), v.Value("clock", t("按时", "On time"), "done", title="2026-11-21 08:47"), t("用时 2 分，限 5 分", "took 2 of 5 min"))],
        [
            v.FactSection(t("诉求", "Request"), [fact(t("类别", "Category"), text(t("电梯困人", "Lift entrapment"))), fact(t("渠道", "Channel"), text(t("电话，对讲转接", "Phone, intercom"))), fact(t("地点", "Place"), v.Value("link", t("5 号楼 1 单元 1 号梯", "Building 5-1, lift 1"), href="#")), fact(t("陈述", "Statement"), v.Value("prose", t("“电梯在 9 层和 10 层之间停住，灯灭了，老人心慌。上个月也停过一次，要求给出书面的故障原因。”", "“The lift stopped between floors 9 and 10, the light went out and the old lady panicked. We want the cause in writing.”")))]),
            v.FactSection(t("投诉人", "Complainant"), [fact(t("身份", "Who"), text(t("业主（5-1-1002）", "Owner (5-1-1002)"))), fact(t("称呼", "Name"), v.Value("masked", "王**")), fact(t("电话", "Phone"), v.Value("masked", "138 **** 5678"), "/complaints/complaint/1/reveal/phone"), fact(t("登记于", "Registered"), v.Value("datetime", t("5 小时前", "5 h ago"), title="2026-11-22 08:42", datetime="2026-11-22T08:42+08:00"))]),
            v.FactSection(t("处理", "Handling"), [fact(t("责任岗位", "Owner"), v.Value("person", t("工程主管·安禾花园", "Engineering lead"))), fact(t("协办", "With"), text(t("客服主管、维保单位驻场", "Service lead, lift contractor"))), fact(t("措施", "Measures"), v.Value("prose", t("已更换门机皮带，全园 24 台同型电梯 11-25 前排查", "Door belt replaced; all 24 lifts of this type to be checked by 25 November"))), fact(t("索赔", "Claim"), v.Value("empty", "–"))]),
        ],
        [v.Line("GD-2026-001877", t("更换门机皮带", "Replace the door belt"), "#", "order", v.Value("state", t("已验收", "Accepted"), "done")), v.Line("BF-2026-0031", t("维保漏项（不合格）", "Maintenance item missed"), "#", "warn")],
        [v.Tab(t("全部", "All"), "?", 8, True), v.Tab(t("进度", "Notices"), "?", 4), v.Tab(t("上报", "Escalations"), "?", 1), v.Tab(t("回访", "Visits"), "?", 1)],
        [
            entry(t("进度通报", "Progress sent"), t("工程主管·短信", "Engineering lead, text message"), "12:32", "2026-11-22T12:32+08:00", "send", "brand", t("维保单位已到场复核，故障原因说明书正在盖章，今天 15:30 前送达。", "The contractor is on site; the written cause is being stamped and will be delivered by 15:30."), day=today),
            entry(t("待回访 → 处理中", "Visit due → In progress"), t("回访不满意，重新计时 2 小时", "unhappy visit, 2 hours anew"), "12:20", "2026-11-22T12:20+08:00", "undo", "warn"),
            entry(t("回访：不满意", "Return visit: not settled"), t("客服专员·电话", "Service agent, phone"), "12:14", "2026-11-22T12:14+08:00", "phone", "bad", t("“人是救出来了，但说好的书面原因还没有收到。”", "“They got us out, but the cause in writing never came.”")),
            entry(t("处理中 → 待回访", "In progress → Visit due"), t("工程主管", "Engineering lead"), "15:30", "2026-11-21T15:30+08:00", "s-visit", "brand", day=yesterday),
            entry(t("上报公司领导", "Escalated to the company"), t("项目经理", "Project manager"), "08:46", "2026-11-21T08:46+08:00", "up", "bad", t("理由：重大、紧急，老人被困。", "Major, urgent, an old person is trapped."), facts=[fact(t("事实快照", "Facts"), text(t("DT-0501，9 至 10 层之间，2 人，对讲畅通", "DT-0501, between 9 and 10, two people"))), fact(t("签收", "Received"), text(t("物业总监 08:58 签收，用时 12 分", "Property director 08:58, 12 min")))]),
            entry(t("首次联系", "First contact"), t("客服专员·对讲安抚", "Service agent, intercom"), "08:44", "2026-11-21T08:44+08:00", "phone", "good"),
            entry(t("登记并受理", "Registered and accepted"), t("客服专员", "Service agent"), "08:42", "2026-11-21T08:42+08:00", "case"),
        ],
        [v.FormDialog("do-notify", notice)],
        print_title=t("投诉处理单", "Complaint sheet"), printed=t("打印于 2026-11-22 14:20，项目经理·安禾花园", "Printed 2026-11-22 14:20 by the project manager"), signatures=[t("经办", "Handled by"), t("客服主管", "Service lead"), t("项目经理", "Project manager"), t("投诉人签字 / 日期", "Complainant / date")],
    )  # fmt: skip


def _home(t: T) -> v.HomePage:
    def line(n: int) -> v.Line:
        number, tone, zh, en, _tag, text, text_en, cat, cat_en, *_rest = ROWS[n]
        return v.Line(t(text, text_en), f"TS-2026-{number} · {t(cat, cat_en)}", "#", "case", v.Value("clock", t(zh, en), tone, title="2026-11-22 15:40"))

    return v.HomePage(
        t("今天", "Today"), t("11 月 22 日，星期日，14:20。已超时 3 件，今天要做 6 件。", "Sunday 22 November, 14:20. 3 overdue, 6 to do today."),
        [v.Figure(t("未关闭投诉", "Open complaints"), "15", t("件", ""), t("比上周少 4 件", "4 fewer than last week"), "#"), v.Figure(t("今日巡检", "Inspections today"), "41", "/ 46", t("5 项未到窗口", "5 not yet due"), "#"), v.Figure(t("10 月按时解决率", "Solved in time, October"), "92.9", "%", t("比 9 月高 2.2 点", "2.2 points up"), "#"), v.Figure(t("已超时", "Overdue"), "3", t("件", ""), t("最久 9 小时", "longest 9 hours"), "#", "bad")],
        [v.Card(t("已超时", "Overdue"), [line(n) for n in range(3)], 3, v.Action(t("全部", "All"), "#")), v.Card(t("今天要做", "To do today"), [line(n) for n in range(3, 9)], 6, empty=t("今天没有要做的。", "Nothing to do today."))],
        [v.Card(t("待我审批", "Waiting for my approval"), [v.Line(t("追加电梯配件 ¥ 18,600.00", "More lift parts, ¥ 18,600.00"), t("工程主管·电梯维保已用 93%", "Engineering lead, 93% used"), "#", "budget", actions=[v.Action(t("审批", "Decide"), "#")])] * 2, 2), v.Card(t("通知", "News"), [v.Line(t("文件控制程序 C/1 于 12-01 起现行，须阅读确认", "Document control C/1 applies from 1 December, please confirm"), t("品质专员·11-21", "Quality, 21 Nov"), "#", "doc")]), v.Card(t("我的申请", "My requests"), empty=t("没有待办的申请。", "No open requests."))],
        [v.Action(t("登记投诉", "Register complaint"), "#", "plus", True)],
    )  # fmt: skip


def _matrix(t: T) -> v.MatrixPage:
    chip = v.MatrixChip
    own = lambda zh, en, tone="": chip(t(zh, en), t("自 2026-01-05", "since 2026-01-05"), tone, remove="/admin/grants/1/remove")  # noqa: E731
    above = chip(t("自公司", "from above"), t("总经理", "General manager"), inherited=True)
    people = (
        (("周正", "Zhou Zheng"), ("总经理", "General manager"), [[own("总经理", "General manager")], [above], [above], [above]]),
        (("林晓", "Lin Xiao"), ("项目经理", "Project manager"), [[], [], [own("项目经理", "Project manager"), own("客服主管（代理）", "Service lead (deputy)", "soon")], []]),
        (("陈立", "Chen Li"), ("保安队长", "Security lead"), [[], [], [], [own("保安队长", "Security lead", "future")]]),
        (("王芳", "Wang Fang"), ("保洁主管", "Cleaning lead"), [[], [], [own("保洁主管", "Cleaning lead", "ended")], [own("保洁主管", "Cleaning lead")]]),
    )
    return v.MatrixPage(
        t("授权", "Roles per site"), t("人员", "Person"), [v.Crumb(t("公司", "Company"), "#"), v.Crumb(t("华东区域", "East region")), v.Crumb(t("安禾花园", "Anhe Garden")), v.Crumb(t("启程产业园", "Qicheng Park"))],
        [v.MatrixRow(t(*n), t(*s), "#", cells, ["/admin/grants/new"] * 4) for n, s, cells in people],
        [v.Filter("role", t("角色", "Role"), "choice", [v.Option("pm", t("项目经理", "Project manager"))]), v.Filter("person", t("人员", "Person"), "text")],
        t("谁在哪个站点是什么角色。上级站点的角色自动及于下级。", "Who holds which role where. Roles above reach down."), actions=[v.Action(t("变更记录", "History"), "#", "clock"), v.Action(t("加人", "Add person"), "#", "plus", True)],
    )  # fmt: skip


def _checks(t: T) -> list[v.Check]:
    yes, no = t("符合", "holds"), t("不符", "does not hold")
    return [
        v.Check(t("投诉模块已启用", "The complaints module is on"), t("安禾物业，2026-01-05 起", "Anhe, since 2026-01-05"), True, yes), v.Check(t("您在安禾花园有角色", "You hold a role at Anhe Garden"), t("客服专员", "Service agent"), True, yes),
        v.Check(t("角色须含“关闭投诉”", "The role must include closing"), t("客服专员可登记、通报、回访；关闭须客服主管", "A service agent registers, informs and visits; closing needs the service lead"), False, no),
    ]  # fmt: skip


def pages(locale: str) -> dict[str, tuple[str, Any, dict[str, Any]]]:
    """Name → (template, page, changes of the shell)."""
    t = in_(locale)
    form = v.FormPage(t("修改密码", "Change password"), "/account/password", t("修改", "Change"), [v.Section("", [v.Input("old", t("现在的密码", "Present password"), "password", required=True), v.Input("new", t("新密码", "New password"), "password", required=True)])])
    signin = v.FormPage(t("登录", "Sign in"), "/signin", t("登录", "Sign in"), [v.Section("", [v.Input("username", t("手机号或工号", "User name"), "line", required=True, autocomplete="username"), v.Input("password", t("密码", "Password"), "password", required=True, autocomplete="current-password")])])
    modules = [v.Card(t("投诉", "Complaints"), [v.Line(t("启用", "On"), "0.1.0", icon="check", actions=[v.Action(t("停用", "Switch off"), "#", danger=True, post=True)])], text=t("登记、派单、回访、上报，时限自动计算。", "Register, assign, visit, escalate; time limits are counted.")), v.Card(t("巡检", "Inspections"), [v.Line(t("未启用", "Off"), icon="close", actions=[v.Action(t("启用", "Switch on"), "#", post=True)])])]
    back = v.Action(t("回首页", "Back to the start page"), "/", "home", True)
    question = v.FormPage(t("谁", "Who"), "/explain", t("查一查", "Explain"), [v.Section("", [v.Input("person", t("人员", "Person"), "person", options=[v.Option("1", t("林晓", "Lin Xiao"), True)], required=True), v.Input("permission", t("做什么", "What"), "choice", options=[v.Option("x", t("关闭投诉", "Close complaints"), True)], required=True)])])
    return {
        "list": ("list.html", _list(t), {}),
        "empty": ("list.html", v.ListPage(t("巡检路线", "Routes"), [], [], empty=v.Empty(t("还没有巡检路线", "No routes yet"), t("路线把要查的点按走的次序连起来。先建一条，再排计划。", "A route joins the points in walking order. Make one, then plan."), v.Action(t("建第一条路线", "Make the first route"), "#", "plus", True))), {}),
        "detail": ("detail.html", _detail(t), {}),
        "form": ("form.html", _form(t), {}),
        "home": ("home.html", _home(t), {"path": "/"}),
        "cards": ("cards.html", v.CardsPage(t("模块", "Modules"), modules, t("公司用到的模块。停用后数据保留。", "What the company uses. Data stays when a module is off."), forms=[form]), {"flashes": [v.Flash("good", t("已保存。", "Saved."))]}),
        "matrix": ("matrix.html", _matrix(t), {}),
        "explain": ("explain.html", v.ExplainPage(t("您现在不能关闭 TS-2026-000431", "You cannot close TS-2026-000431 now"), t("您没有做错什么。下面是逐项核对的结果。", "You did nothing wrong. Here is what was checked."), _checks(t), [v.Crumb(t("投诉", "Complaints"), "#"), v.Crumb(t("为什么不能", "Why not"))], t("请客服主管·安禾花园关闭，不需要给您加权限。", "Ask the service lead to close it; no grant is needed."), [t("客服主管，安禾花园，最长 30 天", "Service lead, Anhe Garden, 30 days at most")], [v.Action(t("返回", "Back"), "#", "left")], form=question), {}),
        "signin": ("alone.html", v.AlonePage(t("安禾物业", "Anhe Property"), t("登录斗拱", "Sign in to Dougong"), signin, links=[v.Action(t("忘记密码", "Forgotten your password?"), "/forgot")]), {"person": None}),
        "error": ("error.html", v.ErrorPage(403, t("您不能打开这一页", "You may not open this page"), t("这一页需要另一个角色。", "This page needs another role."), t("请管理员授予角色。", "Ask your administrator for a role."), back, _checks(t)), {}),
        "error-guest": ("error.html", v.ErrorPage(404, t("没有这一页", "There is no such page"), t("地址可能写错了。", "The address may be wrong."), "", back), {"person": None}),
    }  # fmt: skip


def themes() -> Themes:
    words.load_catalogue(PLAIN)
    return Themes({"plain": Theme("plain", Lazy("Plain"), PLAIN)}, {})


def draw(made: Themes, name: str, locale: str, appearance: str = "auto", **changes: Any) -> str:
    """One page as HTML."""
    template, page, own = pages(locale)[name]
    words.locale.set(locale)
    return made.render("plain", template, shell=shell(locale, **{**own, **changes}), page=page, appearance=appearance)


def main(folder: Path) -> None:
    from serving import Server, browser

    server = Server()
    folder.mkdir(parents=True, exist_ok=True)
    only = sys.argv[2:]
    with browser() as chromium:
        for name in pages("zh"):
            if only and name not in only:
                continue
            for locale, width, scheme in (("zh", 1280, "light"), ("zh", 390, "light"), ("en", 1280, "light"), ("en", 390, "light"), ("zh", 1280, "dark"), ("zh", 390, "dark")):
                page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, has_touch=width < 400)
                page.goto(server.address(name, locale))
                page.screenshot(path=folder / f"{name}-{locale}-{width}-{scheme}.png", full_page=True)
                page.close()
    server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
