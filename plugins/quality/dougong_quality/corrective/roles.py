"""What the posts may do with nonconformities by default ("Rights" of the domain page).

The quality officer opens, verifies and judges at all sites and rectifies nothing; managers and trade leads analyse and act;
whoever stands above the site decides on extensions; leaders see.
"""

from __future__ import annotations

from dougong import RoleDefault

from .flow import acting, closing, opening
from .flow.measures import change, drop, finish, redo
from .flow.rollouts import applies, done, not_here
from .records import Measure, Nonconformity, Rollout


def _of(kind: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{action}" for action in actions)


NC, MEASURE, CHECK = Nonconformity.kind, Measure.kind, Rollout.kind
TALK = ("read", "comment", "attach")

JUDGING = tuple(
    step.permission
    for step in (
        opening.issue, opening.reassign, opening.repeat, opening.cancel, closing.verify, closing.judge, acting.roll_out, redo,
    )
)  # fmt: skip
ACTING = tuple(step.permission for step in (acting.contain, acting.analyse, acting.plan, acting.start, acting.submit))
EXTEND = _of(NC, "extend_submit")
DECIDE = _of(NC, "extend_agree")
QUALITY = (
    *_of(NC, *TALK, "create", "edit", "moderate"),
    *_of(MEASURE, *TALK),
    *_of(CHECK, *TALK, "create", "edit", "moderate"),
    *JUDGING,
)
MANAGER = (
    *_of(NC, *TALK, "create"),
    *_of(MEASURE, *TALK, "create"),
    *_of(CHECK, *TALK),
    *ACTING,
    *EXTEND,
    *DECIDE,
    opening.reassign.permission,
    acting.roll_out.permission,
    finish.permission,
    change.permission,
    drop.permission,
    applies.permission,
    not_here.permission,
    done.permission,
)
ABOVE = (
    *_of(NC, *TALK, "create"),
    *_of(MEASURE, *TALK),
    *_of(CHECK, *TALK),
    *DECIDE,
    closing.verify.permission,
    closing.judge.permission,
)
LEADERS = (*_of(NC, *TALK), *_of(MEASURE, "read"), *_of(CHECK, "read"), *DECIDE)
TRADE = (*_of(NC, *TALK), *_of(MEASURE, *TALK), *ACTING, *EXTEND, finish.permission)
HAND = (*_of(NC, "read"), *_of(MEASURE, *TALK), finish.permission)

ROLES = (
    RoleDefault("quality", QUALITY),
    RoleDefault("project_manager", MANAGER),
    RoleDefault("regional_director", ABOVE),
    RoleDefault("property_director", LEADERS),
    RoleDefault("general_manager", LEADERS),
    *(
        RoleDefault(slug, TRADE, relation="mine")
        for slug in (
            "service_lead",
            "engineering_lead",
            "cleaning_lead",
            "greening_lead",
            "security_lead",
            "dormitory_keeper",
        )
    ),
    *(RoleDefault(slug, HAND, relation="mine") for slug in ("technician", "control_room", "hr")),
)
