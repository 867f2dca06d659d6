"""How severe a failed item is: what the company's settings demand of its criticality, and what the inspector may choose."""

from __future__ import annotations

from typing import Any

from dougong import translator

from .base import X
from .choices import Criticality, Severity

_ = translator("dougong_inspections")


def demanded(criticality: Criticality, x: X) -> Severity | None:
    """What the finding of a failed item is, when nobody says otherwise; None: the company opens none."""
    chosen = {
        Criticality.NORMAL: x.settings.normal_finding,
        Criticality.IMPORTANT: x.settings.important_finding,
        Criticality.CRITICAL: x.settings.critical_finding,
    }
    return chosen[criticality]


def allowed(criticality: Criticality, x: X) -> tuple[Severity, ...]:
    """What the inspector may choose: all that is as severe as demanded or more; anything where the company lets them."""
    least, known = demanded(criticality, x), tuple(Severity)
    return known if least is None or x.settings.milder else known[known.index(least) :]


def too_mild(criticality: Criticality, chosen: Severity | None, x: X) -> Any:
    """Why a choice is refused, in words; None where it is not."""
    if chosen is None or chosen in allowed(criticality, x):
        return None
    least = demanded(criticality, x)
    return _("no milder than “{least}” here").format(least=least.label if least else "")
