"""The workflow object that the themes of this package hang their transitions on, and what they share."""

from __future__ import annotations

from dougong import FieldError, Invalid, Lazy, Prose, Workflow, asked, translator
from dougong import Form as Form

from ..records import Complaint
from ..relations import X as X
from ..settings import Settings

_ = translator("dougong_complaints")

flow = Workflow(Complaint, Complaint.status, Settings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def refuse(path: str, why: Lazy) -> Invalid:
    """One bad input, as the form shows it."""
    return Invalid(errors=(FieldError(path, why),))
