"""What work orders say of themselves to residents: the form, what a reporter is told later, what they may do then.

Staff and internal notes never appear here; a price does, because they have to agree to it.
"""

from __future__ import annotations

from dougong import Conflict, Context, Form, Progress, ResidentForm, ResidentStep, Told, asked, translator

from .choices import Kind, Means, Rating, Source, State, Urgency
from .flow import working
from .records import Order, Quote
from .settings import Settings

_ = translator("dougong_workorders")
X = Context[Settings]

TONES = {
    State.NEW: "new",
    State.ASSIGNED: "acc",
    State.ACCEPTED: "acc",
    State.ON_SITE: "doing",
    State.HELD: "hold",
    State.FINISHED: "visit",
    State.PASSED: "visit",
}


class Verdict(Form):
    rating: Rating = asked(_("How was the work?"))


class Agreeing(Form):
    agrees: bool = asked(_("I agree to the price above"))


def yuan(fen: int) -> str:
    """An amount as people read it."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def progress(o: Order, x: X) -> Progress:
    """State, what happened when, the price, and when the next is due."""
    told = [
        Told(label, at, tone=tone, icon=icon)
        for label, at, tone, icon in (
            (_("You reported it"), o.reported_at, "", "case"),
            (_("Somebody has taken it on"), o.accepted_at, "", "people"),
            (_("On the spot"), o.arrived_at, "", "site"),
            (_("You agreed to the price"), o.agreed_at, "good", "check"),
            (_("Finished"), o.finished_at, "good", "check"),
            (_("Closed"), o.closed_at, "good", "check"),
        )
        if at is not None
    ]
    told += [
        Told(_("Price: {price}").format(price=yuan(q.amount)), q.at, q.text, "brand") for q in x.children(o, Quote)
    ]
    expected = []
    if o.arrived_at is None and o.status in TONES and o.arrive_by is not None and o.arrive_by > x.now:
        expected.append((_("On the spot by"), o.arrive_by))
    if o.finished_at is None and o.status in TONES and o.finish_by is not None and o.finish_by > x.now:
        expected.append((_("To be finished by"), o.finish_by))
    return Progress(o.status.label, TONES.get(o.status, "done"), told, expected)


def can_agree(o: Order, x: X) -> bool:
    return o.status in working.agree.sources and working.quoted.test(o, x)


def agree(o: Order, f: Agreeing, x: X) -> None:
    if not f.agrees:
        raise Conflict(_("Tick that you agree, or call us about the price."))
    x.take(o, "agree", by=Means.ONLINE.value, price=o.quote)


def can_rate(o: Order, x: X) -> bool:
    return o.rating is None and o.status in (State.FINISHED, State.PASSED, State.CLOSED)


def rate(o: Order, f: Verdict, x: X) -> None:
    x.take(o, "rate", rating=f.rating.value)


form = ResidentForm(
    "repair",
    Order,
    _("Report a repair"),
    asks=("category", "location", "title", "statement", "reporter", "phone"),
    labels={
        "category": _("What is it about?"),
        "location": _("Where?"),
        "title": _("What is broken?"),
        "statement": _("Anything else that we should know?"),
        "reporter": _("How may we call you?"),
        "phone": _("Your phone number"),
    },
    helps={
        "location": _("Building, unit, floor, room, or the place outside."),
        "title": _("In one line, as in: tap in the kitchen drips."),
        "statement": _("When somebody is at home, for example. No names of others are needed."),
        "phone": _("Only used for this repair; staff see it masked."),
    },
    fixed={"nature": Kind.REPAIR, "urgency": Urgency.NORMAL, "source": Source.ONLINE},
    contact=("reporter", "phone"),
    needed=("reporter", "phone"),
    place=("location_id", "location"),
    photos=6,
    progress=progress,
    steps=(
        ResidentStep("agree", _("Agree to the price"), Agreeing, can_agree, agree, icon="check"),
        ResidentStep("rate", _("Rate the work"), Verdict, can_rate, rate, icon="check"),
    ),
    urgent=_("Burst pipe, smoke, electric shock, somebody trapped? Do not fill this in, call at once:"),
)
