"""What the system adds to other pages: ways to the checklist, the inputs, the matrix, the scoreboard, the template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, translator
from dougong.views import Action

from .pages import checklist, inputs
from .records import Audit, ManagementReview
from .resources import aspect, audit, hazard, law, objective

_ = translator("dougong_quality")


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    if page == f"detail:{Audit.kind}":
        return checklist.beside(subject, x)
    if page == f"detail:{ManagementReview.kind}":
        return inputs.beside(subject, x)
    found = {
        f"list:{audit.kind}": (_("Audited clauses"), "/quality/coverage", "chart"),
        f"list:{objective.kind}": (_("At a glance"), "/quality/scoreboard", "chart"),
        f"list:{aspect.kind}": (_("Matrix"), "/quality/ratings/aspects", "view"),
        f"list:{hazard.kind}": (_("Matrix"), "/quality/ratings/hazards", "view"),
    }
    if page == f"list:{law.kind}" and x.gate.may(law.permission("create"), x.snapshot.sites.root):
        return [Action(str(_("Template")), "/quality/law/template", "doc")]
    if page not in found:
        return ()
    label, href, icon = found[page]
    return [Action(str(label), href, icon)]
