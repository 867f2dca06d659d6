"""What the posts may do with documents by default: the quality officer controls them, posts draft their own, all staff read."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from . import copies, documents, readings, revisions
from .base import CONTROL, OVERSEE, WORK
from .records import Copy, Document, FormRecord, Reading, Revision

_ = translator("dougong_quality")

PERMISSIONS = (
    Permission(CONTROL, _("Control documents: see obsolete revisions"), "quality"),
    Permission(WORK, _("See revisions on their way"), "quality"),
    Permission(OVERSEE, _("See who has read what, and where copies are"), "quality"),
)


def _of(kind: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{action}" for action in actions)


def _steps(flow: object, *prefixes: str) -> tuple[str, ...]:
    found = {t.permission: None for t in flow.transitions.values() if not t.automatic}  # type: ignore[attr-defined]
    return tuple(p for p in found if not prefixes or p.rpartition(".")[2].startswith(prefixes))


ALL = ("read", "create", "edit", "comment", "attach", "moderate")
STAFF = (
    *_of(Document.kind, "read"),
    *_of(Revision.kind, "read"),
    *_of(Copy.kind, "read"),
    *_of(Reading.kind, "read"),
    readings.acknowledge.permission,
    *_of(FormRecord.kind, "read", "create", "edit", "comment", "attach"),
)
# Drafts what their post answers for, and signs.
DRAFTER = (
    *STAFF,
    WORK,
    documents.revise.permission,
    *_of(Document.kind, "comment"),
    *_of(Revision.kind, "create", "edit", "comment", "attach"),
    revisions.drop.permission,
    *_steps(revisions.flow, "release", "ratify"),
)
ABOVE = (*DRAFTER, OVERSEE, documents.review.permission, documents.withdraw.permission, revisions.hold_back.permission)
MANAGER = (
    *ABOVE,
    *_of(Document.kind, "create", "edit", "attach"),
    *_steps(documents.flow),
    *_of(Copy.kind, "create", "edit"),
    *_steps(copies.flow),
    *_of(Reading.kind, "create"),
    readings.excuse.permission,
    revisions.enforce.permission,
)
QUALITY = (
    *MANAGER,
    CONTROL,
    *(name for kind in (Document, Revision, Copy, Reading, FormRecord) for name in _of(kind.kind, *ALL)),
    *_steps(revisions.flow),
)

ROLES = (
    RoleDefault("quality", tuple(dict.fromkeys(QUALITY))),
    RoleDefault("project_manager", tuple(dict.fromkeys(MANAGER))),
    *(RoleDefault(slug, ABOVE) for slug in ("general_manager", "property_director", "regional_director")),
    *(RoleDefault(slug, DRAFTER) for slug in ("hr", "finance", "service_lead")),
    *(
        RoleDefault(slug, DRAFTER, relation="mine")
        for slug in ("engineering_lead", "cleaning_lead", "greening_lead", "security_lead")
    ),
    *(RoleDefault(slug, STAFF) for slug in ("service_agent", "control_room")),
    *(RoleDefault(slug, STAFF, relation="mine") for slug in ("technician", "dormitory_keeper")),
)
