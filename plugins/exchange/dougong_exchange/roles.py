"""What the posts may do with imports and exports by default. Rights to the records themselves come on top."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .flow import check, discard, resume, start, stop
from .records import Export, Run
from .targets import EXPORT, IMPORT

_ = translator("dougong_exchange")

PERMISSIONS = (
    Permission(IMPORT, _("Import records"), "exchange"),
    Permission(EXPORT, _("Export records"), "exchange"),
)
EXPORTING = (EXPORT, f"{Export.kind}.read")
IMPORTING = (IMPORT, f"{Run.kind}.read", *(t.permission for t in (check, start, stop, resume, discard)))

ROLES = (
    *(
        RoleDefault(slug, (*IMPORTING, *EXPORTING))
        for slug in ("service_lead", "project_manager", "regional_director", "property_director", "admin", "finance", "hr")
    ),
    *(RoleDefault(slug, EXPORTING) for slug in ("general_manager", "quality")),
)
