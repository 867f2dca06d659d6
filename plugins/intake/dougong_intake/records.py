"""What intake keeps: codes on the wall, versions of the notice, consents, cases with their follow-up codes, tallies.

None of it holds a network address, a device or an account: tallies are keyed by digests that name no case, and go after
a day. ``Submission``, which waits to be checked, stands in ``submissions``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import Bulk, Identified, Location, Site, reference, translator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

_ = translator("dougong_intake")


class Point(Identified, kind="intake.point", label=_("QR code"), unique=[("token",)]):
    """A code on the wall: of a site, or of one place in it. ``token`` stands in its address and in print.

    :ivar form: name of the one form that it opens; None: all that the site offers.
    :ivar words: what is printed below the place. :ivar off_at: since when it opens nothing any more.
    """

    token: Mapped[str]
    site_id: Mapped[UUID] = reference(Site)
    location_id: Mapped[UUID | None] = reference(Location, default=None)
    form: Mapped[str | None] = mapped_column(default=None)
    words: Mapped[str] = mapped_column(default="")
    made_by: Mapped[UUID | None] = mapped_column(default=None)
    made_at: Mapped[dt.datetime]
    off_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    off_by: Mapped[UUID | None] = mapped_column(default=None)


class Text(Identified, kind="intake.text", label=_("Notice to residents"), unique=[("version",)]):
    """A version of the notice that residents read before they leave personal data. Never changed: a consent names it."""

    privileges = "SELECT, INSERT"
    version: Mapped[int]
    zh: Mapped[str]
    en: Mapped[str]
    made_by: Mapped[UUID | None] = mapped_column(default=None)
    at: Mapped[dt.datetime]


class Consent(Identified, kind="intake.consent", label=_("Consent"), indexes=[("record_kind", "record_id")]):
    """That a resident agreed: to which version of the notice, when, for which fields of which record."""

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    version: Mapped[int]
    at: Mapped[dt.datetime]
    fields: Mapped[list[Any]] = mapped_column(JSONB)


class Case(
    Identified,
    kind="intake.case",
    label=_("Case of a resident"),
    unique=[("record_kind", "record_id")],
    indexes=[("digest",)],
):
    """That a record has a resident at its other end.

    :ivar form: name of the form. :ivar point_id: the code that was scanned; None: staff registered it and gave out a code.
    :ivar digest: of what was sent, so that sending it twice is one case.
    """

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    form: Mapped[str]
    point_id: Mapped[UUID | None] = reference(Point, default=None)
    digest: Mapped[str | None] = mapped_column(default=None)
    anonymous: Mapped[bool] = mapped_column(default=False)
    at: Mapped[dt.datetime]


class Key(Bulk, kind="intake.key", label=_("Follow-up code")):
    """A follow-up code, as its digest: the code itself is shown once and kept nowhere."""

    digest: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = reference(Case)
    made_by: Mapped[UUID | None] = mapped_column(default=None)  # None: the resident got it when sending
    made_at: Mapped[dt.datetime]


class Tally(Bulk, kind="intake.tally", label=_("Tally"), indexes=[("until",)]):
    """How often something was done within one stretch of time; ``key`` is a digest. Whichever process answers counts here."""

    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(primary_key=True)
    until: Mapped[dt.datetime]
    times: Mapped[int] = mapped_column(default=0)
