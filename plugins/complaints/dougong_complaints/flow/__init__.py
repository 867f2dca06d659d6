"""The life of a complaint: 登记→受理→处理中⇄挂起→待回访→关闭, and 合并 / 不成立. One module a theme, one workflow."""

from . import clocks, closing, escalation, handling, merging, registration
from .base import flow

# As the buttons of a complaint stand: what leads on first, what ends it otherwise last.
_ORDER = (
    handling.accept,
    handling.assign,
    handling.resolve,
    closing.close,
    handling.resume,
    handling.notify,
    handling.contact,
    closing.visit,
    escalation.acknowledge,
    escalation.escalate,
    handling.hold,
    handling.on_the_spot,
    handling.reassign,
    closing.answer,
    closing.waive,
    closing.reopen,
    merging.merge,
    handling.transfer,
    closing.unfounded,
)
flow.transitions = {step.name: step for step in _ORDER}

__all__ = ["clocks", "closing", "escalation", "flow", "handling", "merging", "registration"]
