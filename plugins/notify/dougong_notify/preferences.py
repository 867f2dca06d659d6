"""One's own choices: which event by which channel, quiet hours, summaries, and the address that a code proves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from dougong import (
    Asked,
    Context,
    Event,
    FieldError,
    Invalid,
    MatterKind,
    NotFound,
    PageRoute,
    Problem,
    TooMany,
    page,
    translator,
    with_problem,
    write,
)
from dougong.views import CardsPage, FormPage, Input, InputTable, Option, Section, TableRow
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import proving
from .choosing import DIGEST, EMAIL, INBOX, Wishes, channels, email_of
from .frame import MODULE, crumbs
from .hours import Unreadable, clock_times, quiet_span
from .records import Habit, Preference
from .sending import hinted
from .wording import events

_ = translator("dougong_notify")

PATH = "/notify/preferences"
_COMPANY, _NONE, _OWN = "company", "none", "own"
Wanted = Callable[[Event, str], bool]


def columns(x: Context[Any]) -> dict[str, str]:
    """What can be chosen, by name: the inbox, the channels that are set up, the summary where there is e-mail."""
    found = {INBOX: str(_("Inbox"))}
    for name, channel in channels(x).items():
        found[name] = str(channel.label)
        if name == EMAIL:
            found[DIGEST] = str(_("Digest"))
    return found


def offered(x: Context[Any]) -> list[Event]:
    """The events that this person can be told of: those of records that they may read somewhere."""
    known = x.registry.resources
    matters = {one.kind for _module, one in x.contributed(MatterKind) if one.may(x)}
    return [
        event
        for event in events(x).values()
        if not event.kind
        or event.kind in matters
        or (event.kind in known and x.gate.scope(known[event.kind].permission("read")))
    ]


def matrix(offered: Iterable[Event], shown: dict[str, str], wanted: Wanted, label: str) -> InputTable:
    """Events × channels as check boxes."""
    rows = []
    for event in offered:
        boxes = [
            Input(f"{event.name}:{name}", text, "bool", "1" if wanted(event, name) else "")
            for name, text in shown.items()
        ]
        rows.append(TableRow(str(event.label), boxes))
    return InputTable(label, list(shown.values()), rows)


# ---- the page ---------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /notify/preferences``."""
    asked.params()
    return await _page(asked)


async def _page(asked: Asked, problem: Problem | None = None, sent: dict[str, str] | None = None) -> Response:
    def work(session: Session) -> list[FormPage]:
        x = asked.context(session, MODULE)
        assert x.actor is not None
        habit = x.session.get(Habit, (x.tenant, x.actor)) or Habit(person_id=x.actor)
        forms = [_choices(x), _hours(x, habit, sent or {}), *_address(x, habit)]
        return [with_problem(form, problem if problem and _holds(form, problem) else None) for form in forms]

    shown = CardsPage(
        str(_("My messages")),
        [],
        subtitle=str(_("What you want to hear of, by which way, and when.")),
        crumbs=crumbs((_("My messages"), None)),
        forms=await write(asked, work),
    )
    return page(asked, "notify/choices.html", shown, problem.status if problem else 200)


def _holds(form: FormPage, problem: Problem) -> bool:
    names = {one.name for section in form.sections for one in section.inputs}
    return any(error.path in names for error in problem.errors)


def _choices(x: Context[Any]) -> FormPage:
    assert x.actor is not None
    person, wishes = x.actor, Wishes(x, [x.actor])
    table = matrix(offered(x), columns(x), lambda e, c: wishes.wanted(person, e, c), str(_("Event")))
    return FormPage(
        str(_("What I hear of")),
        PATH,
        str(_("Save")),
        [Section("", [], table=table)],
        others=[("reset", "1", str(_("Back to the defaults")))],
    )


def _hours(x: Context[Any], habit: Habit, sent: dict[str, str]) -> FormPage:
    settings = x.settings_of(MODULE)
    sites = x.snapshot.sites
    zone = sites.node(sites.root).timezone
    quiet = _three("quiet", str(_("Quiet hours")), sent.get("quiet_is"), habit.quiet, settings.quiet or str(_("none")))
    digest = _three(
        "digest", str(_("Summaries")), sent.get("digest_is"), habit.digest_at, settings.digest_at or str(_("none"))
    )
    inputs = [
        quiet,
        Input(
            "quiet",
            str(_("My quiet hours")),
            "line",
            sent.get("quiet", habit.quiet or ""),
            maxlength=20,
            help=str(_("For instance 21:30-07:30. What is urgent comes all the same.")),
        ),
        digest,
        Input(
            "digest",
            str(_("My summaries at")),
            "line",
            sent.get("digest", habit.digest_at or ""),
            maxlength=60,
            help=str(_("For instance 08:00, 17:30.")),
        ),
        Input(
            "zone",
            str(_("Time zone")),
            "line",
            sent.get("zone", habit.zone or ""),
            maxlength=60,
            help=str(_("Empty: {zone}. Otherwise for instance Europe/Berlin.").format(zone=zone)),
        ),
    ]
    return FormPage(str(_("Hours")), f"{PATH}/hours", str(_("Save")), [Section("", inputs)])


def _three(name: str, label: str, sent: str | None, held: str | None, company: str) -> Input:
    """As the company has it, none, or one's own."""
    now = sent or (_COMPANY if held is None else _OWN if held else _NONE)
    options = [
        Option(_COMPANY, str(_("As the company: {value}").format(value=company)), now == _COMPANY),
        Option(_NONE, str(_("None")), now == _NONE),
        Option(_OWN, str(_("My own")), now == _OWN),
    ]
    return Input(f"{name}_is", label, "radios", now, options=options, required=True)


def _address(x: Context[Any], habit: Habit) -> list[FormPage]:
    """The form for an address of one's own; nothing where no mail can be sent."""
    if EMAIL not in channels(x):
        return []
    assert x.actor is not None
    now = email_of(x.actor, x)
    held = _("Now: {address}").format(address=hinted(now)) if now else _("You have no address yet.")
    forms = [
        FormPage(
            str(_("E-mail address")),
            f"{PATH}/address",
            str(_("Send a code")),
            [Section("", [Input("email", str(_("New address")), "email", "", maxlength=254)], help=str(held))],
            subtitle=str(_("A code goes to the new address; it counts once you have typed the code in.")),
            others=[("forget", "1", str(_("Use the administration's address")))] if habit.email else [],
        )
    ]
    if habit.new_email and habit.code_until and habit.code_until > x.now:
        told = _("Sent to {address}.").format(address=hinted(habit.new_email))
        code = Input("code", str(_("Code")), "line", "", required=True, maxlength=10, autocomplete="one-time-code")
        forms.append(
            FormPage(
                str(_("Type in the code")),
                f"{PATH}/code",
                str(_("Confirm the address")),
                [Section("", [code], help=str(told))],
            )
        )
    return forms


# ---- saving -----------------------------------------------------------------------------------------


def _back(asked: Asked) -> Response:
    return RedirectResponse(PATH, 303)


async def save(asked: Asked) -> Response:
    """``POST /notify/preferences``: what differs from the default is kept; the rest follows it."""
    form = await asked.form()

    def work(session: Session) -> None:
        x = asked.context(session, MODULE)
        assert x.actor is not None
        mine = sa.delete(Preference).where(Preference.tenant_id == x.tenant, Preference.person_id == x.actor)
        if form.get("reset"):
            session.execute(mine)
            return
        wishes, shown, asked_of = Wishes(x, []), columns(x), offered(x)
        # What is not on the page is left: channels that are not set up, events of records that they may not see now.
        here = Preference.event.in_([event.name for event in asked_of]), Preference.channel.in_([*shown])
        session.execute(mine.where(*here))
        for event in asked_of:
            for channel in shown:
                wanted = bool(form.get(f"{event.name}:{channel}"))
                if wanted != wishes.default(x.actor, event, channel):
                    session.add(Preference(person_id=x.actor, event=event.name, channel=channel, wanted=wanted))

    await write(asked, work)
    asked.flash(_("Saved."))
    return _back(asked)


def habit_of(x: Context[Any], person: UUID) -> Habit:
    """A person's row, made where there is none yet."""
    found = x.session.get(Habit, (x.tenant, person))
    if found is None:
        found = Habit(person_id=person)
        x.session.add(found)
        x.session.flush()
    return found


async def save_hours(asked: Asked) -> Response:
    """``POST /notify/preferences/hours``."""
    form = await asked.form()
    given = {name: form.get(name, "").strip() for name in ("quiet_is", "quiet", "digest_is", "digest", "zone")}

    def work(session: Session) -> None:
        wrong: list[FieldError] = []
        quiet = _chosen(given, "quiet", quiet_span, wrong)
        digest = _chosen(given, "digest", clock_times, wrong)
        zone = given["zone"] or None
        if zone is not None and not _is_zone(zone):
            wrong.append(FieldError("zone", _("There is no such time zone; write for instance Asia/Shanghai.")))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        x = asked.context(session, MODULE)
        assert x.actor is not None
        habit = habit_of(x, x.actor)
        habit.quiet, habit.digest_at, habit.zone = quiet, digest, zone

    try:
        await write(asked, work)
    except Invalid as problem:
        return await _page(asked, problem, given)
    asked.flash(_("Saved."))
    return _back(asked)


def _chosen(given: dict[str, str], name: str, check: Callable[[str], Any], wrong: list[FieldError]) -> str | None:
    how, text = given[f"{name}_is"], given[name]
    if how == _COMPANY:
        return None
    if how == _NONE:
        return ""
    if how != _OWN:
        wrong.append(FieldError(f"{name}_is", _("Choose one of the list.")))
        return None
    try:
        if not check(text):
            wrong.append(FieldError(name, _("Please fill this in.")))
    except Unreadable as error:
        wrong.append(FieldError(name, error.words))
    return text


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


# ---- one's own address ------------------------------------------------------------------------------


async def ask_code(asked: Asked) -> Response:
    """``POST /notify/preferences/address``: sends a code to a new address, or goes back to the administration's."""
    form = await asked.form()

    def work(session: Session) -> bool:
        x = asked.context(session, MODULE)
        assert x.actor is not None
        if EMAIL not in channels(x):
            raise NotFound
        habit = habit_of(x, x.actor)
        if form.get("forget"):
            habit.email = habit.new_email = habit.code = None
            return False
        proving.begin(x, habit, form.get("email", ""), channels(x)[EMAIL], asked.app.config.secret)
        return True

    try:
        sent = await write(asked, work)
    except (Invalid, TooMany) as problem:
        return await _page(asked, problem if problem.errors else _at("email", problem))
    asked.flash(_("The code is on its way; it holds for 30 minutes.") if sent else _("Saved."))
    return _back(asked)


def _at(name: str, problem: Problem) -> Problem:
    problem.errors = (FieldError(name, problem.detail),)
    return problem


async def confirm(asked: Asked) -> Response:
    """``POST /notify/preferences/code``."""
    form = await asked.form()

    def work(session: Session) -> bool:
        x = asked.context(session, MODULE)
        assert x.actor is not None
        return proving.confirm(x, habit_of(x, x.actor), form.get("code", ""), asked.app.config.secret)

    if not await write(asked, work):  # the try itself is counted, so the transaction stands
        wrong = FieldError("code", _("This is not the code, or it is too old. Ask for a new one if need be."))
        return await _page(asked, Invalid(errors=(wrong,)))
    asked.flash(_("This is your address now."))
    return _back(asked)


ROUTES = (
    PageRoute("preferences", show),
    PageRoute("preferences", save, "POST"),
    PageRoute("preferences/hours", save_hours, "POST"),
    PageRoute("preferences/address", ask_code, "POST"),
    PageRoute("preferences/code", confirm, "POST"),
)
