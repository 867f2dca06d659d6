"""Who may audit: nobody a site or department in which they hold a post.

At a site (or region) every post there, below it or at a region above it stands against it, and so does a post of the
department anywhere above. In an audit of the whole company only the posts of the department do, wherever they are held.
"""

from __future__ import annotations

from uuid import UUID

from .common import X
from .records import Audit

AUDITOR_POST = "auditor"  # to audit is no post in what is audited


def barred(person: UUID, audit: Audit, x: X) -> bool:
    """Whether a person would audit their own work."""
    sites, root = x.snapshot.sites, x.snapshot.sites.root
    found = x.settings.audit_departments.get(audit.department or "")
    posts = frozenset(found.posts if found else ())
    line = frozenset(sites.ancestors(audit.site_id)) | sites.subtree(audit.site_id)
    held = [grant for grant in x.snapshot.grants_of(person) if grant.role != AUDITOR_POST and grant.live(x.now)]
    held = [grant for grant in held if grant.site in line]
    if audit.site_id == root:
        return any(grant.role in posts for grant in held)
    return any(grant.site != root or grant.role in posts for grant in held)


def team(audit: Audit) -> dict[str, UUID]:
    """Those who audit, by field."""
    held = {name: getattr(audit, name) for name in ("lead_id", "auditor_id", "second_id")}
    return {name: person for name, person in held.items() if person is not None}
