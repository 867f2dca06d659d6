"""What becomes of the demo's complaints: for every state a few, some late, with everything that can happen once.

A plot is a row of steps, each so many hours before the demo's present. ``who`` is a post, or ``trade`` for the post
that the story belongs to. Values may be functions of the case, all cases and the context.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dougong import Context

from ..announcing import complete
from ..records import Complaint
from .stories import AGAINST_MANAGER, AGAINST_STAFF, SOLUTIONS, Story

if TYPE_CHECKING:
    from . import Case

Value = Callable[["Case", "list[Case]", "Context[Any]"], Any]

AGENT, LEAD, MANAGER, REGION = "service_agent", "service_lead", "project_manager", "regional_director"


@dataclass(frozen=True)
class Step:
    ago: float
    who: str
    name: str
    body: dict[str, Any]

    def do(self, record: Complaint | None, person: UUID, body: dict[str, Any], x: Context[Any]) -> None:
        assert record is not None
        complete(x.as_person(person).take(record, self.name, **body), x)


@dataclass(frozen=True)
class Plot:
    """:param age: hours since the registration. :param against: post of the person complained of.

    :param story: what it is about, where that is not left to the site's list. :param again: the same thing as ``WORKED``.
    """

    age: float
    steps: tuple[Step, ...] = ()
    channel: str = ""
    severity: str = ""
    anonymous: bool = False
    against: str = ""
    story: Story | None = None
    again: bool = False


def s(ago: float, who: str, name: str, **body: Any) -> Step:
    return Step(ago, who, name, body)


def _owner(case: Case, cases: list[Case], x: Context[Any]) -> str:
    found = x.who(case.story.trade, case.site) or x.who("service_lead", case.site)
    return str(found[0].id)


def _until(case: Case, cases: list[Case], x: Context[Any]) -> str:
    return str((x.now + dt.timedelta(days=6)).date())


def _master(case: Case, cases: list[Case], x: Context[Any]) -> str:
    """A complaint of the same site that is still being worked on."""
    open_ones = (c.record for c in cases if c.site == case.site and c is not case and c.plot is WORKED)
    return next(record.number for record in open_ones if record is not None)


def _part(index: int) -> Value:
    return lambda case, cases, x: SOLUTIONS[case.story.category][index]


SOLVED = {"cause": _part(0), "whys": _part(1), "solution": _part(2)}


def begun(age: float, soothed: float = 0.3) -> tuple[Step, ...]:
    """Contacted, accepted and assigned within the first hours."""
    return (
        s(age - soothed, AGENT, "contact", soothing="已致歉并说明处理步骤", by="phone"),
        s(age - 0.6, AGENT, "accept"),
        s(age - 0.9, LEAD, "assign", owner_id=_owner),
    )


def told(ago: float, text: str, **more: Any) -> Step:
    return s(ago, AGENT, "notify", **{"text": text, "channel": "phone", **more})


def solved(age: float, took: float) -> tuple[Step, ...]:
    return (
        *begun(age),
        told(age - took / 2, "您好，维修人员已到场查看，今天内给您回复。"),
        s(age - took, "trade", "resolve", **SOLVED),
    )


def heard(ago: float, result: str, comment: str, **more: Any) -> Step:
    return s(ago, AGENT, "visit", method="phone", result=result, comment=comment, **more)


def closed(age: float, took: float, result: str, comment: str) -> tuple[Step, ...]:
    return (*solved(age, took), heard(age - took - 5, result, comment), s(age - took - 6, LEAD, "close"))


WORKED = Plot(20, (*begun(20), told(4, "您好，配件已到，明天上午更换，请您留意。")))

PLOTS = (
    Plot(
        26,
        (
            *begun(26),
            s(20, "trade", "escalate", reason="需停水作业并协调楼上住户，超出班组权限"),
            s(19, MANAGER, "acknowledge"),
        ),
    ),
    Plot(0.5),
    Plot(120, closed(120, 30, "satisfied", "处理及时，已恢复正常")),
    Plot(3, (s(2.8, "leader", "acknowledge"), *begun(3), told(1, "您好，维保人员正在现场，进展随时告知。")), severity="major"),
    WORKED,
    Plot(520, closed(520, 300, "fairly_satisfied", "解决了，但是拖得太久")),
    Plot(9, (s(8.5, AGENT, "contact", soothing="已安抚", by="phone"), s(8, AGENT, "accept"))),
    Plot(90, (*begun(90, 3), s(70, "trade", "hold", reason="等待厂家配件", until=_until))),
    Plot(6, (s(6, AGENT, "on_the_spot", cause="communication", solution="当场解释并协助办理"),), channel="on_site"),
    Plot(40, solved(40, 30)),
    Plot(60, (*solved(60, 20), heard(36, "not_reached", "无人接听"), heard(12, "not_reached", "无人接听"))),
    Plot(330, (*begun(330), told(200, "您好，配件在途，到货后立即安排。"), told(30, "您好，配件已到，明天上门。"))),
    Plot(150, (*solved(150, 20), heard(124, "unsatisfied", "还没有根治"), told(100, "您好，我们已重新安排检修。"))),
    Plot(
        10,
        (s(9.5, AGENT, "contact", soothing="已说明转办流程", by="phone"), s(9, AGENT, "accept")),
        channel="government",
    ),
    Plot(14, (*begun(14), told(5, "已安排今晚处理，结果在此公布。", channel="posted", published=True)), anonymous=True),
    Plot(
        96,
        (
            *solved(96, 20),
            told(70, "已清理并加密巡查，欢迎继续监督。", channel="posted", published=True),
            s(60, LEAD, "close"),
        ),
        anonymous=True,
    ),
    Plot(5, (s(4, LEAD, "merge", reason="与在办投诉为同一件事", master=_master),), again=True),
    Plot(
        30,
        (
            s(
                28,
                LEAD,
                "unfounded",
                reason="现场核实无此情况",
                reply="经两次现场核实未发现所述情况，感谢您的监督。",
                by="phone",
            ),
        ),
    ),
    Plot(
        48,
        (
            s(47, LEAD, "accept"),
            s(46, LEAD, "assign", owner_id=_owner),
            s(24, LEAD, "notify", text="您好，我们正在核实当班情况。", channel="phone"),
        ),
        against=AGENT,
        story=AGAINST_STAFF,
    ),
    Plot(22, (s(20, REGION, "acknowledge"), s(19, REGION, "accept")), against=MANAGER, story=AGAINST_MANAGER),
    Plot(
        220,
        (
            *solved(220, 20),
            heard(190, "not_reached", "无人接听"),
            heard(166, "not_reached", "无人接听"),
            heard(140, "not_reached", "停机"),
            s(139, LEAD, "waive", reason="三次联系不上，已短信告知结果"),
            s(138, LEAD, "close"),
        ),
    ),
    Plot(
        260,
        (
            *solved(260, 20),
            heard(230, "unsatisfied", "仍未解决"),
            s(210, "trade", "resolve", **SOLVED),
            heard(180, "unsatisfied", "要求赔偿"),
            s(
                150,
                MANAGER,
                "answer",
                text="经复核，修复合格，赔偿按协议第六条办理。",
                appeal="可向公司品质部申诉，或拨打 12345。",
            ),
            s(149, LEAD, "close"),
        ),
    ),
    Plot(300, (*closed(300, 24, "satisfied", "满意"), s(50, LEAD, "reopen", reason="业主反映复发"))),
    Plot(16, (*begun(16), told(2, "您好，护士长，预计今天 18:00 前恢复。")), channel="client"),
    Plot(1.2, channel="online"),
    Plot(160, closed(160, 16, "satisfied", "态度好，速度快")),
)
