"""The life of a complaint: 登记→受理→处理中⇄挂起→待回访→关闭, and 合并 / 不成立. One module a theme, one workflow."""

from . import closing, escalation, handling, merging, registration
from .base import flow

__all__ = ["closing", "escalation", "flow", "handling", "merging", "registration"]
