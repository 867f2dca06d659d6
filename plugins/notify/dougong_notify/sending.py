"""The jobs: from a notice to deliveries, from a delivery to the mail server or robot, summaries, and tidying up.

Each delivery is a row and a job of its own. What goes out is put into words, and judged by its reader's rights, at the
moment of sending; the row's id is the idempotency key at every try. A failed try is written down and tried later.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from dougong import (
    Context,
    Event,
    Job,
    JobContext,
    Lazy,
    Letter,
    Matter,
    NotSent,
    Occurrence,
    Record,
    Rule,
    Schedule,
    headline,
    new_id,
    now,
    speaking,
    translator,
)

from . import robots
from .choosing import DIGEST, EMAIL, INBOX, Wishes, channels, email_of, hours
from .records import Delivery, Message, Notice, Robot
from .telling import SEND, for_groups
from .wording import Said, Templates, events, language_of, masked, one_line, own_templates, said, visible

_ = translator("dougong_notify")
log = structlog.get_logger("dougong.notify")

DELIVER, SUMMARISE, TIDY_MORE = "notify.deliver", "notify.digest", "notify.tidy_more"
PAUSES = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))  # before each further try
SLACK = dt.timedelta(seconds=30)  # the clocks of two machines; what is due later has a job of its own
STALE = dt.timedelta(days=1)  # what is older goes nowhere
IN_DIGEST = 50
_BATCH = 2000

WAITING, HELD, SENT, FAILED, DROPPED = "waiting", "held", "sent", "failed", "dropped"
OPEN = (WAITING, HELD)


# ---- from a notice to deliveries ----


def prepare(job: JobContext, notice: UUID) -> None:
    """Decide for each reader by which channels a notice goes, and for each robot whether it does."""
    x: Context[Any] = job.context
    found = x.session.get(Notice, (x.tenant, notice))
    event = events(x).get(found.event) if found else None
    if found is None or event is None:
        return
    read = sa.select(Message).where(Message.tenant_id == x.tenant, Message.notice_id == notice)
    messages = list(x.session.scalars(read))
    wishes, open_channels = Wishes(x, [m.person_id for m in messages]), channels(x)
    fresh = x.now - found.at < STALE
    for message in messages:
        message.shown = wishes.wanted(message.person_id, event, INBOX)
        if not fresh:
            continue
        for name, channel in open_channels.items():
            address = channel.address(message.person_id, x) if wishes.wanted(message.person_id, event, name) else None
            if address:
                _enqueue(x, event, message, name, address)
        if EMAIL in open_channels and wishes.wanted(message.person_id, event, DIGEST):
            _for_digest(x, message)
    if fresh:
        _to_robots(x, found, event)


def _enqueue(x: Context[Any], event: Event, message: Message, channel: str, address: str) -> None:
    due = hours(x, message.person_id).due(x.now, urgent=event.urgent)
    put(
        x,
        Delivery(
            id=new_id(),
            channel=channel,
            event=event.name,
            notice_id=message.notice_id,
            person_id=message.person_id,
            messages=[str(message.id)],
            hint=hinted(address),
            state=WAITING if due <= x.now else HELD,
            created_at=x.now,
            due_at=due,
        ),
    )


def put(x: Context[Any], delivery: Delivery) -> None:
    """Write a delivery down and have it done at its time."""
    x.session.add(delivery)
    x.enqueue(DELIVER, at=delivery.due_at, delivery=delivery.id)


def _for_digest(x: Context[Any], message: Message) -> None:
    at = hours(x, message.person_id).next_digest(x.now)
    if at is not None:
        message.digest = True
        x.enqueue(SUMMARISE, key=f"{SUMMARISE}:{message.person_id}", at=at, person=message.person_id)


def _to_robots(x: Context[Any], notice: Notice, event: Event) -> None:
    if not event.groups:
        return
    record = visible(x, [(notice.record_kind, notice.record_id)]).get((notice.record_kind, notice.record_id))
    if record is None or not for_groups(event, record, x):
        return
    above = {str(site) for site in x.snapshot.sites.ancestors(notice.site_id)}
    for robot in x.session.scalars(sa.select(Robot).where(Robot.tenant_id == x.tenant, Robot.active)):
        if (robot.events and event.name not in robot.events) or (robot.sites and above.isdisjoint(robot.sites)):
            continue
        put(x, _post(x, robot, "message", event=event.name, notice_id=notice.id))


def _post(
    x: Context[Any], robot: Robot, about: str, *, event: str | None = None, notice_id: UUID | None = None
) -> Delivery:
    return Delivery(
        id=new_id(),
        channel="robot",
        about=about,
        event=event,
        notice_id=notice_id,
        robot_id=robot.id,
        hint=robot.name,
        created_at=x.now,
        due_at=x.now,
    )


def try_robot(x: Context[Any], robot: Robot) -> None:
    """A test message."""
    put(x, _post(x, robot, "test"))


def hinted(address: str) -> str:
    """An address as administrators may see it: ``w***@example.com``, ``138****78``."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***@{domain}" if at else f"{address[:3]}****{address[-2:]}"


# ---- summaries ----


def summarise(job: JobContext, person: UUID) -> None:
    """One e-mail of everything that waits for a person's summary and has not been read meanwhile."""
    x: Context[Any] = job.context
    waiting = sa.select(Message).where(
        Message.tenant_id == x.tenant, Message.person_id == person, Message.digest, Message.read_at.is_(None)
    )
    messages = list(x.session.scalars(waiting.order_by(Message.at).limit(_BATCH)))
    done = sa.update(Message).where(Message.tenant_id == x.tenant, Message.person_id == person, Message.digest)
    x.session.execute(done.values(digest=False))
    address = email_of(person, x)
    if not messages or address is None:
        return
    ids = [str(m.id) for m in messages]
    put(
        x,
        Delivery(
            id=new_id(),
            channel=EMAIL,
            about="digest",
            person_id=person,
            messages=ids,
            hint=hinted(address),
            created_at=x.now,
            due_at=x.now,
        ),
    )


# ---- a delivery ----


class Dropped(Exception):
    """There is nothing (left) to send; the words say why."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(str(words))
        self.words = words


def deliver(job: JobContext, delivery: UUID) -> None:
    """Send one delivery. A second run of the job finds it done; a failure is written down, not raised."""
    x: Context[Any] = job.context
    locked = sa.select(Delivery).where(Delivery.tenant_id == x.tenant, Delivery.id == delivery).with_for_update()
    found = x.session.scalar(locked)
    if found is None or found.state not in OPEN or found.due_at > x.now + SLACK:
        return
    found.tries += 1
    try:
        _send(found, x)
    except Dropped as why:
        found.state, found.error, found.ended_at = DROPPED, str(why.words), x.now
    except NotSent as error:
        _failed(found, x, str(error.words), again=error.again, wait=error.wait)
    except Exception as error:  # a channel is code of a plugin; whatever it raises belongs in the log, not in a loop
        log.exception("a channel failed", channel=found.channel, delivery=str(found.id))
        _failed(found, x, type(error).__name__, again=True)
    else:
        found.state, found.error, found.ended_at = SENT, None, x.now


def _failed(found: Delivery, x: Context[Any], why: str, *, again: bool, wait: int | None = None) -> None:
    found.error = one_line(why, 300)
    if not again or found.tries > len(PAUSES):
        found.state, found.ended_at = FAILED, x.now
        return
    pause = max(PAUSES[found.tries - 1], dt.timedelta(seconds=min(wait or 0, 86_400)))
    found.state, found.due_at = WAITING, x.now + pause
    x.enqueue(DELIVER, at=found.due_at, delivery=found.id)


def _send(found: Delivery, x: Context[Any]) -> None:
    if found.channel == "robot":
        _to_robot(found, x)
        return
    assert found.person_id is not None
    channel = channels(x).get(found.channel)
    if channel is None:
        raise Dropped(_("This channel is not set up any more."))
    person = x.snapshot.people.get(found.person_id)
    if person is None or not person.active:
        raise Dropped(_("This person may not sign in any more."))
    address = channel.address(found.person_id, x)
    if not address:
        raise Dropped(_("This person has no address for it any more."))
    with speaking(language_of(person, x)):
        words, link, urgent = _words(found, x)
        settings = x.settings_of("notify")
        letter = Letter(
            str(found.id),
            address,
            words.title,
            words.text,
            name=person.name,
            link=link,
            locale=language_of(person, x),
            sender=settings.sender or x.snapshot.name,
            urgent=urgent,
        )
        channel.send(letter, x)


Told = tuple[Message, Notice, Event, Record | Matter]


def _readable(found: Delivery, x: Context[Any]) -> list[Told]:
    """The messages of a delivery whose records its reader may view now, judged as that person."""
    query = (
        sa.select(Message, Notice)
        .join(Notice, sa.and_(Notice.tenant_id == Message.tenant_id, Notice.id == Message.notice_id))
        .where(Message.tenant_id == x.tenant, Message.id.in_([UUID(one) for one in found.messages]))
        .order_by(Message.at, Message.id)
    )
    rows = x.session.execute(query).all()
    assert found.person_id is not None
    seen = visible(x.as_person(found.person_id), [(n.record_kind, n.record_id) for _m, n in rows])
    known = events(x)
    return [
        (m, n, known[n.event], seen[n.record_kind, n.record_id])
        for m, n in rows
        if n.event in known and (n.record_kind, n.record_id) in seen
    ]


def _words(found: Delivery, x: Context[Any]) -> tuple[Said, str, bool]:
    told = _readable(found, x)
    if not told:
        raise Dropped(_("What it was about may not be viewed by this person any more."))
    own = own_templates(x)
    person = x.snapshot.people.get(found.person_id) if found.person_id else None
    spoken = language_of(person, x)
    if found.about == "digest":
        return _summary(found, told, x, own, spoken), f"{home(x)}/notify/inbox", False
    message, notice, event, record = told[0]
    if message.read_at is not None and found.due_at > found.created_at and found.tries == 1:
        raise Dropped(_("It was read in the inbox meanwhile."))
    words = said(notice, event, record, x, own, spoken, outside=True)
    return words, f"{home(x)}/notify/open/{message.id}", event.urgent


def _summary(found: Delivery, told: list[Told], x: Context[Any], own: Templates, spoken: str) -> Said:
    unread = [one for one in told if one[0].read_at is None] or told
    lines = []
    for _message, notice, event, record in unread[:IN_DIGEST]:
        words = said(notice, event, record, x, own, spoken, outside=True)
        lines.append("\n".join(part for part in (f"· {words.title}", words.text) if part))
    if len(unread) > IN_DIGEST:
        lines.append(str(_("… and {n} more in the inbox.").format(n=len(unread) - IN_DIGEST)))
    return Said(str(_("{n} messages at {company}").format(n=len(unread), company=x.snapshot.name)), "\n\n".join(lines))


def _to_robot(found: Delivery, x: Context[Any]) -> None:
    robot = x.session.get(Robot, (x.tenant, found.robot_id)) if found.robot_id else None
    if robot is None or not robot.active:
        raise Dropped(_("This robot is off or was removed."))
    with speaking(x.settings_of("core").locale):
        text = str(_("{company}: this robot gets messages of Dougong now.").format(company=x.snapshot.name))
        if found.about != "test":
            text = _for_group(found, robot, x)
        robots.send(robot, text, str(found.id), x.now.timestamp())


def _for_group(found: Delivery, robot: Robot, x: Context[Any]) -> str:
    notice = x.session.get(Notice, (x.tenant, found.notice_id)) if found.notice_id else None
    event = events(x).get(notice.event) if notice else None
    about = (notice.record_kind, notice.record_id) if notice else ("", found.id)
    record = visible(x, [about]).get(about)
    if notice is None or event is None or record is None or isinstance(record, Matter) or not for_groups(event, record, x):
        raise Dropped(_("What it was about may not be told to groups any more."))
    site = x.snapshot.sites.get(notice.site_id)
    lines = [f"【{event.label}】{record.number} {site.name if site else ''}".rstrip()]
    if robot.titles:
        title = headline(x.registry.resources[notice.record_kind], record)
        lines += [masked(one_line(title, 120))] if title else []
    lines.append(f"{home(x)}{x.registry.resources[notice.record_kind].path}/{record.id}")
    return "\n".join(lines)


def home(x: Context[Any]) -> str:
    """The address of the company's pages, for links."""
    host = x.host()
    return str(x.settings_of("notify").address) or (f"https://{host}" if host else "")


# ---- tidying up ----


def tidy(x: Context[Any], _run: Occurrence | None = None) -> None:
    """What is done every night: what is older than the company keeps it goes, some at a time."""
    before = now() - dt.timedelta(days=x.settings_of("notify").keep_days)
    old = sa.select(Notice.id).where(Notice.tenant_id == x.tenant, Notice.at < before).order_by(Notice.at)
    ids = list(x.session.scalars(old.limit(_BATCH)))
    if ids:
        x.session.execute(sa.delete(Message).where(Message.tenant_id == x.tenant, Message.notice_id.in_(ids)))
        x.session.execute(sa.delete(Notice).where(Notice.tenant_id == x.tenant, Notice.id.in_(ids)))
    x.session.execute(sa.delete(Delivery).where(Delivery.tenant_id == x.tenant, Delivery.created_at < before))
    if len(ids) == _BATCH:
        x.enqueue(TIDY_MORE, key=TIDY_MORE)


def tidy_more(job: JobContext) -> None:
    """The job: on with what one transaction could not hold."""
    tidy(job.context)


_TIDY = _("Remove old messages")
JOBS = (
    Job(SEND, prepare, label=_("Decide who is told how")),
    Job(DELIVER, deliver, queue="notify", timeout=90, label=_("Send a message")),
    Job(SUMMARISE, summarise, label=_("Write a summary")),
    Job(TIDY_MORE, tidy_more, when_disabled="drop", label=_TIDY),
)
SCHEDULE = Schedule(
    "notify.tidy",
    _TIDY,
    tidy,
    Rule.daily("03:30"),
    spread=60,
    grace=360,
    help=_("Messages go after the days that the settings name."),
)
