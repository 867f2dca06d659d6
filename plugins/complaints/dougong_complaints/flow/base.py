"""The workflow object that the themes of this package hang their transitions on, and what they share."""

from __future__ import annotations

from dougong import Form as Form
from dougong import Prose, Workflow, asked, translator
from dougong import refuse as refuse

from ..records import Complaint
from ..relations import X as X
from ..settings import Settings

_ = translator("dougong_complaints")

flow = Workflow(Complaint, Complaint.status, Settings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))
