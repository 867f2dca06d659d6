"""A demo company's year: its programme, an audit with findings, one that runs, a review, objectives, the registers.

Everything goes the way that a person would take it, at earlier moments. A company without the posts gets nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import Context

from .audits import checks
from .choices import Verdict
from .pages.takeover import take_over
from .records import (
    Aspect,
    Audit,
    AuditFinding,
    Decision,
    Hazard,
    LegalItem,
    ManagementReview,
    Objective,
    Programme,
)

X = Context[Any]
SEEN = {  # what the demo's audit saw, by clause
    ("9001:2015", "7.5.3"): (
        Verdict.FAILS,
        "客服前台使用的《投诉处理单》为旧版（A/0），现行版为 A/1，未收回作废版本。",
    ),
    ("45001:2018", "8.2"): (Verdict.FAILS, "应急演练记录缺少效果评估，抽查 3 次演练均无评估结论。"),
    ("9001:2015", "9.1.3"): (Verdict.OBSERVED, "投诉原因分析只到类别，未按楼栋汇总，建议补充。"),
    ("9001:2015", "8.3"): (Verdict.NOT_APPLICABLE, "公司不从事设计开发。"),
}
OBJECTIVES = (  # title, direction, target, unit, measure, monthly actuals
    ("投诉按时解决率", "at_least", 95, "%", "complaints.handling:in_time", (96, 97, 94, 96, 98, 97, 95, 96, 97, 96)),
    ("业主满意度", "at_least", 90, "%", None, (91, 92, 92, 90, 93, 92, 91, 93, 94, 93)),
    ("巡检按时完成率", "at_least", 98, "%", None, (98, 99, 97, 98, 99, 99, 98, 96, 99, 99)),
    ("重大安全责任事故", "at_most", 0, "起", None, (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ("急修 30 分钟到场率", "at_least", 97, "%", None, (98, 97, 99, 98, 97, 96, 98, 98, 97, 95)),
    ("公共区域用电同比", "at_most", 100, "%", None, (99, 98, 101, 97, 96, 99, 102, 98, 97, 96)),
)
ASPECTS = (  # activity, aspect, impact, state, degrees, controls
    ("公共照明与电梯运行", "电能消耗", "资源消耗", "normal", "533", "分时照明、LED 改造、每月用电分析"),
    ("二次供水水箱清洗", "清洗废水排放", "水体污染", "normal", "222", "委托有资质单位，废水排入污水管网"),
    ("垃圾收集与中转", "生活垃圾和渗滤液产生", "土壤和水体污染", "normal", "533", "分类收集、日产日清、地面硬化冲洗"),
    (
        "医院项目医废暂存交接",
        "医疗废物泄漏",
        "健康危害、土壤污染",
        "emergency",
        "155",
        "双人交接、专用包装、泄漏应急包；边界由院方负责",
    ),
    ("绿化养护", "农药使用", "土壤和水体污染", "normal", "333", "低毒药剂、作业公示、避开儿童活动时段"),
    ("发电机试运行", "废气与噪声排放", "大气和噪声污染", "abnormal", "233", "白天试机、每月不超过 15 分钟"),
)
HAZARDS = (  # activity, hazard, accident, state, L, E, C, controls
    (
        "电梯困人救援",
        "非持证人员擅自开启层门",
        "坠落",
        "emergency",
        "1",
        "1",
        "15",
        "持证维保单位救援，张贴禁止自行扒门",
    ),
    ("配电房巡检", "带电部位裸露", "触电", "normal", "1", "6", "15", "绝缘垫、双人作业、停电挂牌"),
    ("高处更换灯具", "未系安全带", "高处坠落", "normal", "3", "3", "15", "登高作业票、人字梯专人扶持"),
    (
        "电动自行车充电",
        "楼道内飞线充电",
        "火灾",
        "abnormal",
        "6",
        "6",
        "15",
        "设集中充电棚、楼道夜巡清理、宣传劝阻、报告消防",
    ),
    ("地下车库清洁", "地面湿滑", "滑倒摔伤", "normal", "3", "6", "3", "防滑警示牌、分段作业"),
    ("消防水池清洗", "有限空间缺氧", "窒息", "normal", "1", "0.5", "40", "先通风再检测后作业、专人监护"),
)


def fill(x: X) -> None:
    """Its share of a demo company."""
    sites = x.snapshot.sites
    keepers = x.who("quality", sites.root)
    leaders = x.who("property_director", sites.root) or x.who("general_manager", sites.root)
    places = [node.id for node in sites.ordered() if x.who("project_manager", node.id) and node.type == "project"]
    if not keepers or not leaders or not places:
        return
    keeper, leader = keepers[0].id, leaders[0].id
    _registers(x, keeper, places)
    _audits(x, keeper, leader, places)
    _review(x, keeper, leader, places)
    _objectives(x, keeper, places)


def _past(x: X, person: UUID, days: float) -> X:
    """The person at an earlier moment."""
    with x.at(x.now - dt.timedelta(days=days)) as then:
        return then.as_person(person)


def _registers(x: X, keeper: UUID, places: list[UUID]) -> None:
    root, then = x.snapshot.sites.root, _past(x, keeper, 100)
    take_over(then, root)
    items = list(then.session.scalars(then.readable(LegalItem).order_by(LegalItem.number)))
    for at, item in enumerate(items[:10]):
        result, evidence = ("complies", "抽查记录与现场，符合要求。")
        if at == 7:
            result, evidence = ("fails", "启程产业园 2 号楼消防设施年度检测报告已过期 20 天，正在委托检测。")
        elif at == 3:
            result, evidence = ("largely", "公示内容齐全，季度更新迟 5 天。")
        _past(x, keeper, 40 - at).take(item, "evaluate", result=result, evidence=evidence)
    for item in items[:18]:
        _past(x, keeper, 20).take(item, "check", state="current")
    for at, (activity, aspect, impact, state, degrees, controls) in enumerate(ASPECTS):
        body = {"activity": activity, "aspect": aspect, "impact": impact, "condition": state, "tense": "present"}
        body |= dict(zip(("frequency", "severity", "concern"), degrees, strict=True))
        then.submit(
            Aspect, root if at < 3 else places[at % len(places)], {**body, "controls": controls, "duty": "项目经理"}
        )
    for at, (activity, hazard, accident, state, often, shown, bad, controls) in enumerate(HAZARDS):
        body = {"activity": activity, "hazard": hazard, "accident": accident, "condition": state, "tense": "present"}
        body |= {"likelihood": often, "exposure": shown, "consequence": bad, "controls": controls, "duty": "工程主管"}
        made = then.submit(Hazard, root if at < 3 else places[at % len(places)], body)
        if at == 3:
            rated = {"stage": "residual", "likelihood": "1", "exposure": "6", "consequence": "15"}
            _past(x, keeper, 30).take(made, "rate", **rated, measure="每栋加装入户阻车系统")


def _audits(x: X, keeper: UUID, leader: UUID, places: list[UUID]) -> None:
    root, year = x.snapshot.sites.root, x.now.year
    programme = _past(x, keeper, 200).submit(
        Programme,
        root,
        {
            "year": year,
            "title": f"{year} 年度内部审核计划",
            "purpose": "验证三体系符合性和有效性，覆盖全部项目和条款。",
        },
    )
    _past(x, keeper, 199).take(programme, "approve_submit")
    _past(x, leader, 198).take(programme, "approve_agree")

    def plan(site: UUID, title: str, ago: float, length: int = 2, **more: Any) -> Audit:
        then = _past(x, keeper, max(ago + 10, 15))
        first = (x.now - dt.timedelta(days=ago)).date()
        body = {
            "kind_of": "internal", "title": title, "standards": "all", "programme_id": str(programme.id),
            "lead_id": str(keeper), "opens_on": str(first), "closes_on": str(first + dt.timedelta(days=length)),
        }  # fmt: skip
        return then.submit(Audit, site, body | more)

    done = plan(places[0], f"{x.snapshot.sites.node(places[0]).name}内审", 60)
    _past(x, keeper, 62).take(done, "prepare", lead_id=str(keeper))
    _past(x, keeper, 60).take(done, "start")
    _answer(_past(x, keeper, 59), done, len(checks(done, x)))
    _past(x, keeper, 58).take(
        done, "report", conclusion="体系运行基本有效，开具不符合项 2 项、观察项 1 项，按期整改后关闭。"
    )
    _past(x, keeper, 57).take(done, "follow")
    first = x.session.scalars(
        x.readable(AuditFinding).where(AuditFinding.audit_id == done.id).order_by(AuditFinding.number)
    ).first()
    if first is not None:
        _past(x, keeper, 30).take(first, "settle", settlement="旧版表单已全部收回，现场核对 12 份均为现行版。")
    running = plan(places[-1], f"{x.snapshot.sites.node(places[-1]).name}内审", 1, 3)
    _past(x, keeper, 3).take(running, "prepare", lead_id=str(keeper))
    _past(x, keeper, 0.9).take(running, "start")
    _answer(_past(x, keeper, 0.5), running, 24)
    if len(places) > 1:
        plan(places[1], f"{x.snapshot.sites.node(places[1]).name}内审", -30)
    plan(root, "人事行政部内审", -45, department="hr", standards="quality")
    external = plan(
        root, "年度监督审核", 150, programme_id=None, kind_of="surveillance", body="认证机构", certificate="0012026QEO001",
        certificate_until=str((x.now + dt.timedelta(days=400)).date()), next_on=str((x.now + dt.timedelta(days=215)).date()),
    )  # fmt: skip
    _past(x, keeper, 150).take(external, "begin_external")
    _past(x, keeper, 148).take(external, "report", conclusion="推荐保持认证注册，无不符合项。")
    _past(x, keeper, 147).take(external, "follow")
    _past(x, keeper, 146).take(external, "close")


def _answer(x: X, audit: Audit, most: int) -> None:
    lines = list(checks(audit, x).values())[:most]
    answers = []
    for line in lines:
        verdict, evidence = SEEN.get(
            (line.standard, line.clause), (Verdict.CONFORMS, "查阅记录并与岗位人员面谈，符合。")
        )
        answers.append({"id": str(line.id), "verdict": verdict.value, "evidence": evidence})
    x.take(audit, "answer", answers=answers)


def _review(x: X, keeper: UUID, leader: UUID, places: list[UUID]) -> None:
    today = x.now.date()
    root, then = x.snapshot.sites.root, _past(x, keeper, 45)
    start = today - dt.timedelta(days=380)
    body = {
        "title": f"{today.year} 年度管理评审", "planned_on": str(today - dt.timedelta(days=27)), "from_on": str(start),
        "until_on": str(today - dt.timedelta(days=30)), "chair_id": str(leader),
    }  # fmt: skip
    review = then.submit(ManagementReview, root, body)
    _past(x, keeper, 29).take(review, "gather")
    _past(x, keeper, 28).take(
        review, "hold", attendees="总经理、物业总监、区域运作总监、各项目经理、品质专员",
        minutes="逐项评审了输入材料。投诉按时解决率稳定，公共区域用电有两个月超出目标；内审不符合项整改按期进行。",
        conclusion="体系适宜、充分、有效，方针和目标继续保持。",
    )  # fmt: skip
    managers = x.who("project_manager", places[0])
    for owner, text, days in (
        (managers[0].id, "完成公共照明第二批节能改造方案并报预算", 40),
        (keeper, "把投诉原因按楼栋汇总纳入月报", 20),
    ):
        due = str(today + dt.timedelta(days=days))
        _past(x, keeper, 27.5).take(review, "decide", statement=text, owner_id=str(owner), due_on=due)
    _past(x, keeper, 27).take(review, "approve_submit")
    _past(x, leader, 26).take(review, "approve_agree")
    one = x.session.scalars(x.readable(Decision).where(Decision.owner_id == keeper)).first()
    if one is not None:
        _past(x, keeper, 5).take(one, "done", result="十月月报起按楼栋列出前五类原因。")


def _objectives(x: X, keeper: UUID, places: list[UUID]) -> None:
    today = x.now.date()
    for at, (title, direction, target, unit, measure, values) in enumerate(OBJECTIVES):
        site = x.snapshot.sites.root if at < 4 else places[at % len(places)]
        body: dict[str, Any] = {
            "title": title, "year": today.year, "period": "month", "direction": direction, "target": target, "unit": unit,
        }  # fmt: skip
        if measure and measure.partition(".")[0] in x.snapshot.modules:
            body["measure"] = measure
        made = _past(x, keeper, 1).submit(Objective, site, body)
        for month, value in enumerate(values, start=1):
            first = today.replace(month=month, day=1)
            if first >= today.replace(day=1):
                break
            _past(x, keeper, 0.5).take(made, "record", of=str(first), value=value)
