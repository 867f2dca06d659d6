"""The life of a nonconformity: 开立→应急处置→原因→措施→实施→验证→效果评价→关闭, of its measures, and of sister sites' checks."""

from . import acting, clocks, closing, extension, opening
from .base import flow
from .measures import flow as measure_flow
from .rollouts import flow as rollout_flow

_ORDER = (
    opening.issue,
    acting.contain,
    acting.analyse,
    acting.plan,
    acting.start,
    acting.submit,
    closing.verify,
    closing.judge,
    acting.roll_out,
    opening.repeat,
    opening.reassign,
    opening.cancel,
)
_rest = {name: step for name, step in flow.transitions.items() if step not in _ORDER}
flow.transitions = {**{step.name: step for step in _ORDER}, **_rest}

__all__ = ["acting", "clocks", "closing", "extension", "flow", "measure_flow", "opening", "rollout_flow"]
