"""The page on which a resident follows their case, by its code and without an account.

Shows the state in public words and what was published; takes further words and pictures, and the steps that the module
offers (rating, taking it up again). Unknown, mistyped, foreign and ended codes are answered alike, and looks are counted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dougong import (
    Asked,
    Conflict,
    FieldError,
    Invalid,
    Lazy,
    PageRoute,
    Problem,
    Progress,
    Record,
    ResidentForm,
    ResidentStep,
    Told,
    TooMany,
    Upload,
    form_body,
    form_inputs,
    page,
    stamp,
    translator,
    write,
)
from dougong.views import AlonePage, Flash, FormPage, Input, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import tallies
from .keys import address_of, digest_of, grouped, keyed, qr, tidy
from .public import COLON, ROOM, P
from .records import Case, Key
from .scene import as_system, settings_of
from .submissions import State, Submission, form_of

_ = translator("dougong_intake")

WROTE = "intake.resident_wrote"
UNKNOWN = _("No case has this code. Look whether it was typed in full.")
LONGEST = 2000
MOST_PHOTOS = 6


@dataclass
class StepForm:
    """One thing that can be done now."""

    name: str
    title: str
    help: str
    action: str
    icon: str
    inputs: list[Input]
    errors: list[tuple[str, str]] = field(default_factory=list)
    note: Flash | None = None


@dataclass
class FollowPage:
    """The page, ready to be drawn by ``intake/progress.html``. ``told``: title, text, time, machine time, tone, icon."""

    title: str
    number: str
    state: str
    tone: str
    expected: list[tuple[str, str]]
    told: list[tuple[str, str, str, str, str, str]]
    note: str
    say: StepForm | None
    photos: int
    steps: list[StepForm]
    new: bool = False
    code: str = ""
    link: str = ""
    qr: str = ""


@dataclass(frozen=True)
class Held:
    """What a code opened, within one transaction."""

    case: Case
    record: Record
    form: ResidentForm[Any]
    x: Any


def open_case(session: Session, asked: Asked, code: str) -> Held | None:
    """The case of a code; None where there is none, or its module or site is closed."""
    digest = digest_of(code, asked.snapshot.tenant)
    case = session.scalar(sa.select(Case).join(Key, Key.case_id == Case.id).where(Key.digest == digest))
    x = as_system(asked, session).for_resident()
    form = form_of(x, case.form) if case else None
    if case is None or form is None:
        return None
    kind = Submission if case.record_kind == Submission.kind else form.record
    record: Record | None = session.get(kind, (asked.snapshot.tenant, case.record_id))
    if record is None or not x.snapshot.module_on(form.module, record.site_id):
        return None
    return Held(case, record, form, x.with_settings(x.snapshot.settings(form.module)))


async def ask(asked: Asked) -> Response:
    """``GET /intake/p``: where a code is typed."""
    asked.params()
    return _asking(asked)


async def answer(asked: Asked) -> Response:
    """``POST /intake/p``: on to the page of the code, whatever it is."""
    typed = (await asked.form()).get("code", "")
    code = tidy(typed)
    if code is None:
        return _asking(asked, UNKNOWN, 404)
    return RedirectResponse(f"{P}/{code}", 303)


def _asking(asked: Asked, error: Lazy | None = None, status: int = 200) -> Response:
    told = str(error) if error else ""
    code = Input("code", str(_("Follow-up code")), "line", required=True, maxlength=40, error=told, autocomplete="off")
    form = FormPage(
        title=str(_("How does it stand?")),
        action=P,
        submit=str(_("Look it up")),
        sections=[Section("", [code])],
        errors=[("code", told)] if told else [],
    )
    shown = AlonePage(
        form.title, subtitle=str(_("Type the code that you were given. No account is needed.")), form=form
    )
    return page(asked, "alone.html", shown, status)


async def show(asked: Asked) -> Response:
    """``GET /intake/p/<code>``."""
    new = asked.params(("new",)).get("new") == "1"
    return await _open(asked, lambda session, held: _drawn(session, asked, held, new=new))


async def _open(asked: Asked, fn: Any, before: Callable[[], Awaitable[None]] | None = None) -> Response:
    """Count the look, then open the case and do something with it.

    :param before: what is slow, outside a transaction; only for somebody whose code opens a case.
    """
    code = tidy(asked.path_params["code"]) or ""

    def look(session: Session) -> Lazy | None:
        return tallies.looking(session, asked, settings_of(asked), digest_of(code, asked.snapshot.tenant))

    if refused := await write(asked, look):
        return _asking(asked, refused, 429)

    def work(session: Session) -> FollowPage | tuple[FollowPage, int] | str | None:
        held = open_case(session, asked, code) if code else None
        found: FollowPage | tuple[FollowPage, int] | str | None = fn(session, held) if held else None
        return found

    if before is not None:
        if not code or not await write(asked, lambda session: open_case(session, asked, code) is not None):
            return _asking(asked, UNKNOWN, 404)
        await before()
    found = await write(asked, work)
    if found is None:
        return _asking(asked, UNKNOWN, 404)
    if isinstance(found, str):
        return RedirectResponse(found, 303)
    shown, status = found if isinstance(found, tuple) else (found, 200)
    return page(asked, "intake/progress.html", shown, status)


def _drawn(
    session: Session,
    asked: Asked,
    held: Held,
    *,
    new: bool = False,
    failed: str = "",
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> FollowPage:
    """:param failed: name of the step (or ``say``) that was refused, with what was typed into it."""
    zone = asked.snapshot.sites.zone(held.record.site_id)
    code = tidy(asked.path_params["code"]) or ""
    link = f"{P}/{code}"
    progress, steps = _progress(held), []
    if not isinstance(held.record, Submission):
        for step in held.form.steps:
            if step.offered(held.record, held.x):
                wrong = problem if failed == step.name else None
                steps.append(_step_form(asked, held, step, link, wrong, typed if wrong else None))
    entries = sorted([*progress.told, *_own_words(held)], key=lambda one: one.at, reverse=True)
    return FollowPage(
        title=str(held.form.label),
        number=held.record.number,
        state=str(progress.state),
        tone=progress.tone,
        expected=[(str(label), stamp(at, zone)) for label, at in progress.expected],
        told=[_line(one, zone) for one in entries],
        note=str(progress.note),
        say=_say_form(link, problem if failed == "say" else None, typed or {}),
        photos=min(MOST_PHOTOS, held.form.photos),
        steps=steps,
        new=new,
        code=grouped(code),
        link=address_of(asked, link),
        qr=qr(address_of(asked, link)) if new else "",
    )


def _line(one: Told, zone: ZoneInfo) -> tuple[str, str, str, str, str, str]:
    return str(one.title), one.text, stamp(one.at, zone), one.at.astimezone(zone).isoformat(), one.tone, one.icon


def _progress(held: Held) -> Progress:
    record = held.record
    if isinstance(record, Submission):
        ended = record.status is State.DISCARDED
        sent = Told(_("You reported it"), record.created_at, icon="case")
        state = _("Closed") if ended else _("Received, being looked through")
        return Progress(state, "done" if ended else "new", (sent,))
    found: Progress = held.form.progress(record, held.x)
    return found


def _own_words(held: Held) -> list[Told]:
    """What the resident has added."""
    comments = held.x.comments(held.record)
    return [Told(_("You added"), one.at, one.text, icon="edit") for one in comments if one.behalf]


def _say_form(link: str, problem: Problem | None, typed: Mapping[str, str]) -> StepForm:
    wrong = {error.path: str(error.message) for error in problem.errors} if problem else {}
    text = Input(
        "text",
        str(_("Your words")),
        "prose",
        value=typed.get("text", "") if problem else "",
        required=True,
        maxlength=LONGEST,
        error=wrong.get("text", ""),
    )
    made = StepForm("say", str(_("Anything to add?")), "", f"{link}/say", "send", [text])
    return _with_errors(made, problem)


def _step_form(
    asked: Asked,
    held: Held,
    step: ResidentStep[Any],
    link: str,
    problem: Problem | None,
    typed: Mapping[str, str] | None,
) -> StepForm:
    wrong = {error.path: error.message for error in problem.errors} if problem else {}
    site = held.record.site_id
    made = form_inputs(asked, step.form, held.form.module, site=site, typed=typed, errors=wrong)
    inputs = list(made.values())
    for one in inputs:
        if one.widget == "choice":
            one.widget = "radios"
    form = StepForm(step.name, str(step.label), str(step.help or ""), f"{link}/do/{step.name}", step.icon, inputs)
    return _with_errors(form, problem)


def _with_errors(form: StepForm, problem: Problem | None) -> StepForm:
    if problem:
        lines = [(i.name, f"{i.label}{COLON}{i.error}") for i in form.inputs if i.error]
        known = {i.name for i in form.inputs if i.error}
        lines += [("", str(error.message)) for error in problem.errors if error.path not in known]
        form.errors = [*([("", str(problem.detail))] if problem.detail else []), *lines] or [("", str(problem.title))]
    return form


async def say(asked: Asked) -> Response:
    """``POST /intake/p/<code>/say``: more words, more pictures."""
    form = await asked.form()
    text = form.get("text", "").replace("\r\n", "\n").strip()
    photos: list[Upload] = []

    async def look() -> None:
        photos.extend(await asked.upload("photos"))

    def work(session: Session, held: Held) -> Any:
        try:
            _check_words(text, len(photos), held)
            if refused := tallies.adding(session, asked, settings_of(asked), held.case.id):
                raise TooMany(refused)
            with session.begin_nested():  # what is refused now was counted all the same
                twice = keyed(asked, "said", held.case.id, text)
                if tallies.count(session, twice, asked.now, tallies.SHORT) == 1:
                    _add(held, text, photos)
        except (Invalid, Conflict, TooMany) as problem:
            return _drawn(session, asked, held, failed="say", problem=problem, typed={"text": text}), problem.status
        return f"{P}/{tidy(asked.path_params['code'])}"

    return await _open(asked, work, look)


def _check_words(text: str, photos: int, held: Held) -> None:
    errors = []
    if not text:
        errors.append(FieldError("text", _("Write something.")))
    if len(text) > LONGEST:
        errors.append(FieldError("text", _("At most {n} characters.").format(n=LONGEST)))
    if photos > min(MOST_PHOTOS, held.form.photos):
        errors.append(FieldError("photos", _("At most {n} pictures.").format(n=min(MOST_PHOTOS, held.form.photos))))
    if errors:
        raise Invalid(errors=tuple(errors))


def _add(held: Held, text: str, photos: list[Any]) -> None:
    held.x.comment(held.record, text)
    for photo in photos:
        held.x.attach(held.record, photo)
    if held.form.said is not None and not isinstance(held.record, Submission):
        held.form.said(held.record, held.x)
    held.x.tell(WROTE, held.record)


async def step(asked: Asked) -> Response:
    """``POST /intake/p/<code>/do/<step>``."""
    form = await asked.form()
    name = asked.path_params["step"]

    def work(session: Session, held: Held) -> Any:
        found = next((one for one in held.form.steps if one.name == name), None)
        if found is None or isinstance(held.record, Submission):
            return None
        typed: Mapping[str, str] = {}
        try:
            with session.begin_nested():
                typed, body = form_body(asked, found.form, form, site=held.record.site_id)
                if not found.offered(held.record, held.x):
                    raise Conflict(_("This is not possible any more. The page now shows how it stands."))
                if refused := tallies.adding(session, asked, settings_of(asked), held.case.id):
                    raise TooMany(refused)
                found.take(held.record, found.check(body), held.x)
                held.x.tell(WROTE, held.record)
        except (Invalid, Conflict, TooMany) as problem:
            session.refresh(held.record)
            return _drawn(session, asked, held, failed=name, problem=problem, typed=typed), problem.status
        return f"{P}/{tidy(asked.path_params['code'])}"

    return await _open(asked, work)


ROUTES = (
    PageRoute("p", ask, open=True),
    PageRoute("p", answer, "POST", open=True),
    PageRoute("p/{code}", show, open=True, secret=True),
    PageRoute("p/{code}/say", say, "POST", open=True, secret=True, uploads=ROOM),
    PageRoute("p/{code}/do/{step}", step, "POST", open=True, secret=True),
)
