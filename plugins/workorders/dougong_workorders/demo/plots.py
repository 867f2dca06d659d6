"""What becomes of the demo's orders: each plot a row of steps, so many hours after the order was raised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

AGENT, LEAD, DOER, MANAGER = "service_agent", "trade", "doer", "project_manager"
Value = Callable[[dt.datetime, Any], Any]


@dataclass(frozen=True)
class Step:
    """:param after: hours after the order was raised. :param who: a post, ``trade`` (its lead), or ``doer``.

    Values may be functions of the moment and the case.
    """

    after: float
    who: str
    name: str
    body: dict[str, Any]


def s(after: float, who: str, step: str, /, **body: Any) -> Step:
    return Step(after, who, step, body)


def _doer(at: dt.datetime, case: Any) -> str:
    return str(case.doer)


def _result(at: dt.datetime, case: Any) -> str:
    return str(case.story.result)


def _permit_end(at: dt.datetime, case: Any) -> str:
    return (at + dt.timedelta(hours=12)).isoformat()


def _week(at: dt.datetime, case: Any) -> str:
    return str((at + dt.timedelta(days=7)).date())


def begun(wait: float = 0.15) -> tuple[Step, ...]:
    return (s(wait, LEAD, "dispatch", owner_id=_doer), s(wait + 0.1, DOER, "accept"))


def there(wait: float = 0.15, arrive: float = 0.5) -> tuple[Step, ...]:
    return (*begun(wait), s(arrive, DOER, "arrive"))


def used(after: float, name: str, quantity: str, measure: str, price: int) -> Step:
    return s(after, DOER, "use", name=name, quantity=quantity, measure=measure, price=price)


def finished(after: float, minutes: int = 45) -> Step:
    return s(after, DOER, "finish", result=_result, minutes=minutes)


def ended(after: float, rating: str = "satisfied") -> tuple[Step, ...]:
    return (
        s(after, "service_lead", "check"),
        s(after + 0.5, AGENT, "rate", rating=rating),
        s(after + 0.6, "service_lead", "close"),
    )


PERMIT = s(0.4, LEAD, "permit", permit_number="ZY-2026-0117", permit_until=_permit_end)
QUOTE = s(1.2, DOER, "quote", amount=18_600, text="人工 80 元，材料按实结算 106 元，含清理")

PLOTS: dict[str, tuple[Step, ...]] = {
    "done": (*there(), used(1.0, "配件", "2", "只", 1_850), finished(1.6), *ended(4)),
    "urgent": (*there(0.05, 0.3), used(0.8, "不锈钢软管", "1.5", "米", 1_280), finished(1.4, 60), *ended(3)),
    "paid": (
        *there(), QUOTE, s(1.5, AGENT, "agree", by="signed", price=18_600), used(2.0, "铜质龙头", "1", "只", 10_600),
        finished(2.6, 50), *ended(5, "fairly_satisfied"),
    ),
    "rework": (
        PERMIT, *there(), used(1.0, "防水涂料", "2.5", "千克", 4_260), finished(5.0, 180),
        s(20, "service_lead", "rework", reason="复看仍有渗水痕迹，须重做"),
        s(24, LEAD, "permit", permit_number="ZY-2026-0121", permit_until=_permit_end),
        s(24.5, DOER, "arrive"), finished(29, 240), *ended(48),
    ),
    "late": (*there(1, 5), finished(80, 120), *ended(85, "unsatisfied")),
    "permit": (PERMIT, *there(0.2, 0.6), finished(4, 150), *ended(8)),
    "returned": (*begun(), s(0.5, DOER, "send_back", reason="无对应锁芯，需采购后改派")),
    "held": (*there(), s(1.2, DOER, "hold", reason="等待厂家配件", until=_week)),
    "overdue": (*begun(0.5),),
    "check": (*there(), used(1.0, "配件", "1", "只", 6_500), finished(2.0)),
    "quoted": (*there(), QUOTE),
    "doing": (*there(),),
    "accepted": (*begun(),),
    "dispatched": (begun()[0],),
    "new": (),
    "ruled": (*there(), finished(2.0), s(4, "service_lead", "check"), s(5, "service_lead", "close")),
    "part": (*there(0.5, 1.5), finished(6.0, 120), *ended(20)),
    "parent": (*there(0.2, 1.0), s(24, MANAGER, "finish", result=_result, minutes=30), *ended(30)),
}  # fmt: skip
