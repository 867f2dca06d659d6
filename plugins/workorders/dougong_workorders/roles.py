"""What the posts of a property company may do with work orders by default ("Rights" of the domain page)."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .flow import closing, dispatching, working
from .records import IDENTITY, Order
from .relations import MINE, RAISED

_ = translator("dougong_workorders")

READ, CREATE, EDIT = (f"{Order.kind}.{action}" for action in ("read", "create", "edit"))
COMMENT, ATTACH, MODERATE = (f"{Order.kind}.{action}" for action in ("comment", "attach", "moderate"))
TALK = (COMMENT, ATTACH)

PERMISSIONS = (Permission(IDENTITY, _("See who reported a work order"), "workorders"),)

DOER = (
    READ,
    IDENTITY,
    *TALK,
    *(
        t.permission
        for t in (
            dispatching.accept, working.arrive, working.use, working.finish, working.quote, working.agree,
            dispatching.hold, dispatching.resume, dispatching.send_back,
        )
    ),
)  # fmt: skip
DESK = (
    READ,
    CREATE,
    EDIT,
    IDENTITY,
    *TALK,
    *(t.permission for t in (dispatching.dispatch, working.spot, working.quote, working.agree, closing.rate)),
)
LEADING = tuple(
    t.permission
    for t in (
        dispatching.dispatch, dispatching.transfer, dispatching.hold, dispatching.resume, working.permit, working.split,
        closing.check, closing.rework, closing.rate, closing.cancel,
    )
)  # fmt: skip
TRADE = (*DOER, CREATE, EDIT, working.spot.permission, *LEADING)
LEAD = (*DESK, MODERATE, *LEADING, closing.close.permission)
MANAGER = (*dict.fromkeys((*DOER, *LEAD)),)
ABOVE = (READ, IDENTITY, *TALK, *LEADING)

ROLES = (
    RoleDefault("service_agent", (*DESK, closing.close.permission)),
    RoleDefault("service_lead", LEAD),
    RoleDefault("project_manager", MANAGER),
    RoleDefault("control_room", (READ, CREATE, IDENTITY, *TALK, dispatching.dispatch.permission)),
    *(RoleDefault(slug, ABOVE) for slug in ("regional_director", "property_director", "general_manager")),
    *(
        RoleDefault(slug, TRADE, relation=MINE)
        for slug in ("engineering_lead", "cleaning_lead", "greening_lead", "security_lead")
    ),
    *(RoleDefault(slug, DOER, relation=MINE) for slug in ("technician", "dormitory_keeper")),
    RoleDefault("quality", (READ, COMMENT)),
    RoleDefault("finance", (READ,)),  # costs without identities
    RoleDefault("client", (READ, CREATE, ATTACH, closing.rate.permission), relation=RAISED),
)
