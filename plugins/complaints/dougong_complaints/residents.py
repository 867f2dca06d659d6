"""What complaints say of themselves to residents: the form, what a complainant is told later, what they may do then.

Staff, other complainants and internal notes never appear here. A complaint that was merged stands where its master stands.
"""

from __future__ import annotations

from dougong import Choice, Context, Form, Progress, Prose, ResidentForm, ResidentStep, Told, asked, translator

from .choices import Channel, Kind, Means, Result, Severity, State, Urgency
from .flow import closing
from .records import Complaint, Notice, Visit
from .settings import Settings
from .timers import RESOLVING

_ = translator("dougong_complaints")
X = Context[Settings]

TONES = {
    State.NEW: "new",
    State.ACCEPTED: "acc",
    State.WORKING: "doing",
    State.HELD: "hold",
    State.VISIT: "visit",
}
APPEAL = _(
    "If you are not satisfied you can have it taken up again within {days} days after it was closed, ask the project "
    "manager for an answer in writing, or call 12345."
)


class Verdict(Choice):
    """What a complainant may say of the handling; stored as the result of a return visit."""

    SATISFIED = Result.SATISFIED.value, Result.SATISFIED.label
    FAIRLY = Result.FAIRLY.value, Result.FAIRLY.label
    UNSATISFIED = Result.UNSATISFIED.value, Result.UNSATISFIED.label


class Rating(Form):
    result: Verdict = asked(_("How was it handled?"))
    comment: Prose | None = asked(_("Comment"), default=None)


class Again(Form):
    reason: Prose = asked(_("What is still not right?"))


def standing(c: Complaint, x: X) -> Complaint:
    """The complaint by which one sees how it stands: its master's, where it was merged."""
    master = x.session.get(Complaint, (x.tenant, c.master_id)) if c.master_id else None
    return master or c


def progress(c: Complaint, x: X) -> Progress:
    """State, what was published, and when the next is due."""
    m = standing(c, x)
    told = [
        Told(label, at, tone=tone, icon=icon)
        for label, at, tone, icon in (
            (_("You reported it"), c.registered_at, "", "case"),
            (_("We contacted you"), c.contacted_at, "good", "phone"),
            (_("Dealt with"), m.resolved_at, "good", "check"),
            (_("Closed"), m.closed_at, "good", "check"),
        )
        if at is not None
    ]
    told += [Told(_("Answer"), n.at, n.text, "brand") for n in x.children(c, Notice) if n.published]
    expected = []
    if m.status in RESOLVING and m.resolve_by is not None and m.resolve_by > x.now:
        expected.append((_("Done by"), m.resolve_by))
    if m.status in TONES and m.progress_by is not None and m.progress_by > x.now:
        expected.append((_("Next word by"), m.progress_by))
    note = APPEAL.format(days=x.settings.reopen_days)
    return Progress(m.status.label, TONES.get(m.status, "done"), told, expected, note)


def _rated(c: Complaint, m: Complaint, x: X) -> bool:
    about = None if m is c else c.number
    since = m.resolved_at
    return any(v.method is Means.ONLINE and v.about == about and since and v.at >= since for v in x.children(m, Visit))


def can_rate(c: Complaint, x: X) -> bool:
    m = standing(c, x)
    return m.status is State.VISIT and not _rated(c, m, x)


def rate(c: Complaint, f: Rating, x: X) -> None:
    """The return visit, done by the complainant: unsatisfied takes the complaint up again as any visit does."""
    m = standing(c, x)
    about = {} if m is c else {"about": c.number}
    x.take(m, "visit", method=Means.ONLINE.value, result=f.result.value, comment=f.comment, **about)


def can_reopen(c: Complaint, x: X) -> bool:
    m = standing(c, x)
    return m.status is State.CLOSED and closing.lately_closed.test(m, x)


def reopen(c: Complaint, f: Again, x: X) -> None:
    x.take(standing(c, x), "reopen", reason=f.reason)


form = ResidentForm(
    "complaint",
    Complaint,
    _("Report or complain"),
    asks=("category", "location", "statement", "complainant", "phone"),
    labels={
        "category": _("What is it about?"),
        "location": _("Where?"),
        "statement": _("Tell us what happened"),
        "complainant": _("How may we call you?"),
        "phone": _("Your phone number"),
    },
    helps={
        "location": _("Building, unit, floor, room, or the place outside."),
        "statement": _("Where, when, what. No names of others are needed."),
        "phone": _("Only used to answer this report; staff see it masked."),
    },
    fixed={
        "channel": Channel.ONLINE,
        "complainant_type": Kind.OWNER,
        "severity": Severity.MINOR,
        "urgency": Urgency.NORMAL,
    },
    contact=("complainant", "phone"),
    needed=("complainant",),
    anonymous={"complainant_type": Kind.ANONYMOUS},
    place=("location_id", "location"),
    photos=6,
    progress=progress,
    steps=(
        ResidentStep("rate", _("Rate the handling"), Rating, can_rate, rate, icon="check"),
        ResidentStep(
            "reopen",
            _("Have it taken up again"),
            Again,
            can_reopen,
            reopen,
            help=_("Say what is still not right; it is then dealt with anew."),
            icon="undo",
        ),
    ),
    urgent=_("Somebody trapped, smoke, electric shock? Do not fill this in, call at once:"),
)
