"""What was held back to be checked: a record of its own, which a person registers as what it was meant to be, or discards.

It carries what was sent as it was sent; when it is decided upon, that is given away or deleted.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Choice,
    Conflict,
    Context,
    Form,
    Line,
    Me,
    Prose,
    Record,
    ResidentForm,
    Resource,
    Tab,
    Workflow,
    asked,
    field,
    recorded,
    ref,
    translator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .records import Case, Consent
from .settings import Settings

_ = translator("dougong_intake")
X = Context[Settings]


class State(Choice):
    WAITING = "waiting", _("To be checked"), "new"
    REGISTERED = "registered", _("Registered"), "done"
    DISCARDED = "discarded", _("Discarded"), "done"


class Submission(Record, kind="intake.submission", label=_("Held-back report"), number="DH", indexes=[("status",)]):
    status: Mapped[State] = recorded(_("Status"), default=State.WAITING, listed=True, filtered=True)
    text: Mapped[Prose] = field(_("What was sent"), edit=False, listed=True, searched=True, personal=True)
    why: Mapped[Line] = field(_("Why it was held back"), edit=False, listed=True)
    form: Mapped[Line] = field(_("Form"), edit=False)
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("Place of the code"), widget="location", edit=False, default=None
    )
    anonymous: Mapped[bool] = field(_("Anonymous"), edit=False, default=False)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # personal: gone when it is decided upon


flow: Workflow[Submission, State, Settings] = Workflow(Submission, Submission.status, Settings)


def form_of(x: Context[Any], slug: str) -> ResidentForm[Any] | None:
    """The form of a name, of the company's enabled modules."""
    return next((one for _module, one in x.contributed(ResidentForm) if one.slug == slug), None)


@flow.on(_("Register"), State.WAITING, State.REGISTERED, form=Form, icon="check", help=_("As what it was meant to be."))
def register(s: Submission, f: Form, x: X) -> None:
    form = form_of(x, s.form)
    if form is None:
        raise Conflict(_("The module that this was meant for is switched off. Switch it on, or discard this."))
    made = form.receive(x, s.site_id, s.body, anonymous=s.anonymous, location=s.location_id)
    for file in x.files(s):
        file.record_kind, file.record_id = made.kind, made.id
    for added in x.comments(s):  # words of the resident while it waited
        added.record_kind, added.record_id = made.kind, made.id
    for kept in (Case, Consent):
        moved = sa.update(kept).where(kept.record_kind == s.kind, kept.record_id == s.id)
        x.session.execute(moved.values(record_kind=made.kind, record_id=made.id))
    s.body = {}
    x.link(s, made)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


@flow.on(_("Discard"), State.WAITING, State.DISCARDED, form=Reason, icon="trash", danger=True)
def discard(s: Submission, f: Reason, x: X) -> None:
    s.body = {}


def waits(me: Me) -> sa.ColumnElement[bool]:
    return Submission.status == State.WAITING


resource = Resource(
    Submission,
    _("To be checked"),
    flow=flow,
    settings=Settings,
    icon="shield",
    title=Submission.text,
    tabs=(Tab("waiting", _("To be checked"), waits), Tab("all", _("All"))),
    columns=("number", "text", "why", "status", "site_id", "created_at"),
    likely={State.WAITING: ("register", "discard")},
)
