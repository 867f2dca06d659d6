"""Records made on forms: each keeps the revision that its sheet has; one made on an old form says so for good."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Workflow, translator

from .base import X, in_force, named, refuse
from .choices import FormStanding, Level, State
from .records import FormRecord, Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")
flow: Workflow[FormRecord, FormStanding, DocumentSettings] = Workflow(FormRecord, None, DocumentSettings)


@flow.creating
def pinned(f: FormRecord, x: X) -> None:
    form = named(f.form, "form", x)
    if form.level is not Level.FORM:
        raise refuse("form", _("is no record form"))
    current = in_force(form.id, x)
    found = current
    if f.revision and (current is None or f.revision != current.revision):
        had = (State.OBSOLETE, State.CURRENT, State.EMERGENCY)
        found = x.session.scalar(
            sa.select(Revision).where(
                Revision.tenant_id == x.tenant, Revision.document_id == form.id, Revision.revision == f.revision,
                Revision.status.in_(had),
            )
        )  # fmt: skip
        if found is None:
            raise refuse("revision", _("was never a revision of this form that was in force"))
    if found is None:
        raise refuse("form", _("has no revision in force"))
    f.form_id, f.revision_id, f.revision = form.id, found.id, found.revision
    f.standing = FormStanding.CURRENT if found is current else FormStanding.OLD
