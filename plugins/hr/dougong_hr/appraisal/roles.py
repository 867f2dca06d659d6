"""Who may do what by default: all take part in their own appraisal, superiors rate those below them, HR keeps the rounds.

Which rows somebody sees does not follow from these: see ``resources``.
"""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .records import ALL, CALIBRATE
from .resources import appraisal, rating, round

_ = translator("dougong_hr")

PERMISSIONS = (
    Permission(ALL, _("See the appraisals of everybody at a site"), "hr"),
    Permission(CALIBRATE, _("Compare ratings over a round (calibration)"), "hr"),
)

LEADS = ("service_lead", "engineering_lead", "cleaning_lead", "greening_lead", "security_lead")
ABOVE = ("project_manager", "regional_director", "property_director", "general_manager")
OTHERS = ("quality", "finance", "service_agent", "technician", "control_room", "dormitory_keeper")

OWN = (
    *(one.permission("read") for one in (appraisal, rating, round)),
    *(appraisal.permission(action) for action in ("comment", "attach", "set_goals", "evidence", "drop_evidence")),
    *(appraisal.permission(step) for step in ("rate_self", "accept", "appeal")),
)
RATE = (
    *(appraisal.permission(step) for step in ("agree_goals", "reopen_goals", "talk")),
    *(rating.permission(step) for step in ("give", "confirm", "send_back", "comment", "attach")),
)
DECIDE = tuple(rating.permission(step) for step in ("dismiss", "amend"))
KEEP = (
    *(round.permission(step) for step in ("create", "edit", "comment", "attach", "start", "gather", "close")),
    *(appraisal.permission(step) for step in ("assign", "drop", "moderate")),
    rating.permission("moderate"),
    ALL,
    CALIBRATE,
)

ROLES = (
    *(RoleDefault(slug, OWN) for slug in OTHERS),
    *(RoleDefault(slug, (*OWN, *RATE)) for slug in LEADS),
    *(RoleDefault(slug, (*OWN, *RATE, *DECIDE, CALIBRATE)) for slug in ABOVE),
    RoleDefault("hr", (*OWN, *RATE, *DECIDE, *KEEP)),
)
