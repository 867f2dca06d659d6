"""Tasks and reports of a demo company: a project's fortnight, lived through by its own people at earlier moments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import Context

from .assigned.records import Task
from .upward.choices import Period
from .upward.filling import days
from .upward.records import SiteReport

ABOVE, MANAGER = "regional_director", "project_manager"
Act = tuple[str, float, str, dict[str, Any]]


@dataclass(frozen=True)
class Plot:
    """:ivar ago: days since it was assigned. :ivar due: days from today to the deadline. :ivar steps: (who, hours after the last,
    step, form); who is ``by`` or ``to``."""

    by: str
    to: str
    ago: int
    due: int
    title: str
    criteria: str
    source: str
    occasion: str
    reference: str = ""
    steps: tuple[Act, ...] = field(default=())


_TAKEN: Act = ("to", 2, "accept", {})
PLOTS = (
    Plot(
        ABOVE,
        MANAGER,
        12,
        -4,
        "三季度满意度低分项逐户回访",
        "低分住户全部回访，有记录、有改进项",
        "above",
        "区域月度经营会",
        "QY-2026-11",
        (
            _TAKEN,
            ("to", 50, "note", {"text": "已回访 21 户，剩 6 户周末上门", "percent": 75}),
            ("to", 70, "report", {"result": "27 户全部回访，改进项 4 条已列入下月计划"}),
            ("by", 20, "sign", {}),
        ),
    ),
    Plot(
        MANAGER,
        "engineering_lead",
        6,
        2,
        "3号楼消防通道堆物清理并画线",
        "通道畅通、标线清楚，前后对比照片",
        "authority",
        "消防大队整改通知",
        "消责改〔2026〕第0012号",
        (_TAKEN, ("to", 24, "note", {"text": "堆物已清，标线等天气好转施工", "percent": 60})),
    ),
    Plot(
        MANAGER,
        "cleaning_lead",
        5,
        1,
        "地下车库排水沟清淤",
        "排水沟无淤积，泵坑试运行正常",
        "meeting",
        "项目周例会",
        "HY-ZH-2026-47",
        (_TAKEN, ("to", 60, "report", {"result": "B1 层 120 米排水沟全部清淤，两台泵试运行正常"})),
    ),
    Plot(
        MANAGER,
        "service_lead",
        9,
        -2,
        "冬季防冻温馨提示张贴与群发",
        "各单元公告栏张贴，业主群发送",
        "client",
        "业委会来函",
        "业委会函〔2026〕8号",
        (_TAKEN, ("to", 30, "report", {"result": "28 个单元全部张贴，群发 14 个业主群"}), ("by", 10, "sign", {})),
    ),
    Plot(
        MANAGER,
        "security_lead",
        4,
        3,
        "东门岗电动车停放整治",
        "岗亭 30 米内无乱停，连续三天抽查合格",
        "meeting",
        "项目周例会",
        "HY-ZH-2026-47",
        (_TAKEN, ("to", 40, "ask_extension", {"until": 7, "reason": "新车棚周末到货，装好才能引导停放"})),
    ),
    Plot(
        ABOVE, MANAGER, 0, 6, "提交明年绿化外包续签意见", "含三家比价和服务评分", "above", "区域周会", "QY-2026-11-03"
    ),
    Plot(
        MANAGER,
        "engineering_lead",
        10,
        -1,
        "2号楼电梯困人应急演练",
        "30 分钟内完成处置，有签到、照片和评估",
        "leader",
        "",
        "",
        (
            _TAKEN,
            ("to", 60, "report", {"result": "已演练，用时 26 分钟"}),
            ("by", 6, "give_back", {"reason": "缺签到表和评估意见，补齐再报"}),
        ),
    ),
    Plot(
        MANAGER,
        "greening_lead",
        8,
        -3,
        "主干道枯枝修剪与冬季防寒",
        "枯枝清除，树干涂白，浇透防冻水",
        "leader",
        "",
        "",
        (_TAKEN,),
    ),
)
WORDS = (
    {
        "summary": "本周运行平稳，无安全事故。重点完成地下车库排水沟清淤、应急照明更换；电梯类投诉较上周减少。",
        "problems": "3号楼外墙渗水须启用维修资金，业委会意见尚未统一，请区域协助沟通。",
        "plan": "1. 完成消防通道画线\n2. 电动车棚安装并引导停放\n3. 启动冬季防冻检查",
        "client_text": "本周小区运行平稳。下周将安装新的电动车棚，施工期间请绕行东门北侧。",
        "remarks": {"complaints.complaints": "电梯类投诉集中在2号楼，维保单位已更换门机，本周无重复。"},
    },
    {
        "summary": "本周处理居民报修为主，整体平稳。",
        "problems": "地下车库积水一处，已安排清淤。",
        "plan": "继续推进电动车停放整治。",
    },
)


def fill(x: Context[Any]) -> None:
    """One project with tasks in every state, and its reports of three weeks; another with one that waits to be read."""
    projects = [n.id for n in x.snapshot.sites.ordered() if n.type == "project" and x.snapshot.module_on("tasks", n.id)]
    managed = [site for site in projects if x.who(MANAGER, site)]
    if not managed:
        return
    for plot in PLOTS:
        _task(x, managed[0], plot)
    _report(x, managed[0], 2, WORDS[0], ("acknowledge", "release"))
    _report(x, managed[0], 1, WORDS[1], ("give_back",))
    with x.at(_morning(x, managed[0], 0)) as then:
        manager = then.as_person(then.who(MANAGER, managed[0])[0].id)
        manager.submit(SiteReport, managed[0], {"period": "week", "starts": str(x.today(managed[0]))})
    if len(managed) > 1:
        _report(x, managed[1], 1, WORDS[1], ())


def _task(x: Context[Any], site: UUID, plot: Plot) -> None:
    by, to = (next(iter(x.who(post, site)), None) for post in (plot.by, plot.to))
    if by is None or to is None:
        return
    today = x.today(site)
    body = {
        "title": plot.title, "criteria": plot.criteria, "source": plot.source, "occasion": plot.occasion or None,
        "reference": plot.reference or None, "owner_id": str(to.id), "deadline": str(today + dt.timedelta(days=plot.due)),
    }  # fmt: skip
    at = x.now - dt.timedelta(days=plot.ago, hours=1)
    with x.at(at) as then:
        task = then.as_person(by.id).submit(Task, site, body)
    for who, hours, step, form in plot.steps:
        at += dt.timedelta(hours=hours)
        given = {**form, "until": str(today + dt.timedelta(days=form["until"]))} if "until" in form else form
        with x.at(min(at, x.now)) as then:
            then.as_person((by if who == "by" else to).id).take(task, step, **given)


def _morning(x: Context[Any], site: UUID, weeks: int) -> dt.datetime:
    """Ten o'clock on the Monday of so many weeks ago, never later than now."""
    first = days(Period.WEEK, x.today(site))[0] - dt.timedelta(weeks=weeks)
    return min(dt.datetime.combine(first, dt.time(10), x.snapshot.sites.zone(site)).astimezone(dt.UTC), x.now)


def _report(x: Context[Any], site: UUID, weeks: int, words: dict[str, Any], then_steps: tuple[str, ...]) -> None:
    """The report of a week, submitted on the Monday after it, and what its readers did on the next day."""
    first = days(Period.WEEK, x.today(site))[0] - dt.timedelta(weeks=weeks)
    at = _morning(x, site, weeks - 1)
    author, reader = x.who(MANAGER, site)[0].id, next(iter(x.who(ABOVE, site)), None)
    with x.at(at) as then:
        mine = then.as_person(author)
        report = mine.submit(SiteReport, site, {"period": "week", "starts": str(first)})
        on = x.snapshot.modules
        said = {key: text for key, text in words.get("remarks", {}).items() if key.partition(".")[0] in on}
        mine.take(report, "remark", **{**words, "remarks": said})
        mine.take(report, "submit")
    for step in then_steps:
        who = author if step == "release" else reader.id if reader else None
        with x.at(min(at + dt.timedelta(hours=4), x.now)) as then:
            form = {"reason": "积水原因和完成时间没有写，请补充后重报"} if step == "give_back" else {}
            if who is not None:
                then.as_person(who).take(report, step, **form)
