"""The life of an order: 新建→派单→接单→到场→完工→验收→关闭, with 转单, 退单, 挂起, 返工 and 取消.

One module a theme, one workflow.
"""

from . import clocks, closing, dispatching, registration, working
from .base import flow

# As the buttons of an order stand: what leads on first, what ends it otherwise last.
_ORDER = (
    dispatching.dispatch, dispatching.accept, working.arrive, working.finish, closing.check, closing.close,
    dispatching.resume, working.permit, working.quote, working.agree, working.use, working.spot, working.split,
    closing.rate, closing.rework, dispatching.transfer, dispatching.hold, dispatching.send_back, closing.cancel,
)  # fmt: skip
flow.transitions = {step.name: step for step in _ORDER}
# The first is the one that a phone's list shows.
_CLOCKS = (clocks.completion, clocks.response, clocks.acceptance, clocks.checking)
flow.clocks = {clock.name: clock for clock in _CLOCKS}

__all__ = ["clocks", "closing", "dispatching", "flow", "registration", "working"]
