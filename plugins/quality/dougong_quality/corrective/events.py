"""What people are told of nonconformities; due soon, overdue and the way up are told by the clocks (``flow.clocks``)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .choices import Severity
from .records import Measure, Nonconformity, Rollout
from .relations import X, doers

_ = translator("dougong_quality")

_WHERE = _("{title}\n{site} · {status}")
_MAIL = ("inbox", "email")


def judges(c: Nonconformity, x: X) -> Iterable[UUID | None]:
    """Who issues and verifies for this site."""
    return [person.id for person in x.who("quality", c.site_id)]


def of_major(c: Nonconformity, x: X) -> Iterable[UUID | None]:
    """A major one: whoever stands above the site."""
    if c.severity is not Severity.MAJOR:
        return []
    return [p.id for role in ("project_manager", "regional_director") for p in x.who(role, c.site_id)]


def responsible(c: Nonconformity, x: X) -> Iterable[UUID | None]:
    return [c.responsible_id]


def all_doers(c: Nonconformity, x: X) -> Iterable[UUID | None]:
    return doers(c, x)


def measure_owner(m: Measure, x: X) -> Iterable[UUID | None]:
    return [m.responsible_id]


def answerer(r: Rollout, x: X) -> Iterable[UUID | None]:
    return [r.responsible_id]


def asker(r: Rollout, x: X) -> Iterable[UUID | None]:
    return [r.created_by]


NC = Nonconformity.kind
EVENTS = (
    Event(
        "quality.nc_opened",
        _("A nonconformity was opened"),
        _("To be issued: nonconformity {number} at {site}"),
        NC,
        ("create",),
        judges,
        _WHERE,
    ),
    Event(
        "quality.nc_issued",
        _("A nonconformity was issued"),
        _("Nonconformity {number} is yours to correct"),
        NC,
        ("issue", "reassign"),
        responsible,
        _WHERE,
        channels=_MAIL,
    ),
    Event(
        "quality.nc_major",
        _("A major nonconformity was issued"),
        _("Major nonconformity {number} at {site}"),
        NC,
        ("issue",),
        of_major,
        _WHERE,
        urgent=True,
        channels=_MAIL,
    ),
    Event(
        "quality.nc_to_verify",
        _("Measures wait for verification"),
        _("To be verified: nonconformity {number}"),
        NC,
        ("submit",),
        judges,
        _WHERE,
    ),
    Event(
        "quality.nc_verified",
        _("Measures were verified"),
        _("Nonconformity {number}: {action}, now {status}"),
        NC,
        ("verify",),
        all_doers,
        _WHERE,
    ),
    Event(
        "quality.nc_judged",
        _("The effect was judged"),
        _("Nonconformity {number}: effect judged, now {status}"),
        NC,
        ("judge",),
        all_doers,
        _WHERE,
        channels=_MAIL,
    ),
    Event(
        "quality.measure_given",
        _("A measure was given to me"),
        _("Measure {number} is yours"),
        Measure.kind,
        ("create", "change", "redo"),
        measure_owner,
        _WHERE,
        channels=_MAIL,
    ),
    Event(
        "quality.rollout_asked",
        _("A sister site's nonconformity is to be checked"),
        _("To be checked at {site}: {number}"),
        Rollout.kind,
        ("create",),
        answerer,
        _WHERE,
        channels=_MAIL,
    ),
    Event(
        "quality.rollout_answered",
        _("A roll-out check was answered"),
        _("{site} answered {number}: {status}"),
        Rollout.kind,
        ("not_here", "done"),
        asker,
        _WHERE,
    ),
)
