"""The form on the phone: what a scanned code shows, and what happens with what is sent.

One request writes everything or nothing: the record (or the held-back report), its pictures, the consent, the case and
its follow-up code. Nothing of the address, the device or an account goes with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from dougong import (
    Asked,
    Conflict,
    FieldError,
    Invalid,
    Lazy,
    PageRoute,
    Problem,
    ResidentForm,
    TooMany,
    Upload,
    form_body,
    form_inputs,
    page,
    translator,
    write,
)
from dougong.views import Action, AlonePage, Flash, Input
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import spam, tallies, texts
from .keys import digest_of, keyed, new_code
from .records import Case, Consent, Key
from .scene import Scene, as_system, scene, settings_of
from .submissions import Submission

_ = translator("dougong_intake")

F, P = "/intake/f", "/intake/p"
ROOM = 64 * 1024 * 1024  # bytes of a form with its pictures
_RADIOS = 16  # so many choices stand open on a phone

OLD = _("The page stood open for too long, or was opened elsewhere. Look it through and send it again.")
WHO = _("Say how to address you, or report anonymously.")
AGREE = _("Agree to the notice, or report anonymously.")
PHOTOS = _("At most {n} pictures.")
AGAIN = _("Choose the pictures once more: a browser does not keep them.")
COLON = _(": ")


@dataclass
class ReportPage:
    """The form, ready to be drawn by ``intake/report.html``."""

    title: str
    subtitle: str
    action: str
    place: str
    inputs: list[Input]
    place_input: Input | None
    contact: list[Input]
    needed: list[str]
    photos: int
    anonymous: bool | None  # None: nobody can stay anonymous
    agreed: bool
    notice: list[str]
    version: int
    stamp: str
    draft: str
    phone: str = ""
    urgent: str = ""
    form: str = ""
    agree_error: str = ""
    photo_error: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    note: Flash | None = None
    note_text: str = ""


@dataclass
class Sent:
    """What came in, before anything is made of it."""

    typed: dict[str, str]
    body: dict[str, Any]
    anonymous: bool
    agreed: bool
    version: int
    stamp: str
    trap: str
    photos: list[Upload]
    errors: tuple[FieldError, ...] = ()


def _chooser(asked: Asked, here: Scene, token: str) -> Response:
    links = [Action(str(one.label), f"{F}/{token}?form={one.slug}", main=True) for one in here.forms]
    return page(asked, "alone.html", AlonePage(_where(here), subtitle=str(_("What is it about?")), links=links))


def _where(here: Scene) -> str:
    return f"{here.site} · {here.place}" if here.place else here.site


def _report(
    asked: Asked,
    here: Scene,
    form: ResidentForm[Any],
    token: str,
    sent: Sent | None = None,
    problem: Problem | None = None,
) -> Response:
    """Draw the form; with what was typed and what is wrong with it, if it was sent already."""
    wrong = {error.path: error.message for error in problem.errors} if problem else {}
    typed = sent.typed if sent else _begun(form, here)
    made = form_inputs(
        asked,
        form.model(),
        form.module,
        of=form.record,
        site=here.point.site_id,
        typed=typed,
        errors=wrong,
        required=form.needed,
    )
    for one in made.values():
        _for_phone(one, form)
    place = made.pop(form.place[1], None) if here.place else None
    contact = [made[name] for name in form.asks if name in form.contact and name in made]
    settings, (version, zh, en) = settings_of(asked), here.notice
    shown = ReportPage(
        title=str(form.label),
        subtitle=str(
            form.help or _("About a minute. You get a code with which you can see at any time how it stands.")
        ),
        action=f"{F}/{token}" + (f"?form={form.slug}" if len(here.forms) > 1 else ""),
        place=_where(here),
        inputs=[one for name, one in made.items() if name not in form.contact],
        place_input=place,
        contact=contact,
        needed=list(form.needed),
        photos=form.photos,
        anonymous=None if form.anonymous is None else bool(sent and sent.anonymous),
        agreed=bool(sent and sent.agreed),
        notice=(zh if asked.locale == "zh" else en).splitlines(),
        version=version,
        stamp=spam.stamp(asked, token),
        draft=f"intake.{token}.{form.slug}",
        phone=settings.phone,
        urgent=str(form.urgent or ""),
        agree_error=str(wrong.get("agree", "")),
        photo_error=str(wrong.get("photos", "")),
    )
    if problem:
        _say(shown, [*made.values(), *([place] if place else [])], problem, bool(sent and sent.photos))
    return page(asked, "intake/report.html", shown, problem.status if problem else 200)


def _begun(form: ResidentForm[Any], here: Scene) -> dict[str, str]:
    return {form.place[1]: here.place} if form.place[1] and here.place else {}


def _for_phone(one: Input, form: ResidentForm[Any]) -> None:
    if one.widget in ("vocabulary", "choice") and len(one.options) <= _RADIOS:
        one.widget = "radios"
    one.label = str(form.labels.get(one.name, one.label))
    one.help = str(form.helps.get(one.name, ""))
    if one.name in form.contact:
        one.autocomplete = "tel" if one.widget == "phone" else "name"
        one.required = False  # only unless anonymous, which a browser cannot know without a script


def _say(shown: ReportPage, inputs: list[Input], problem: Problem, had_photos: bool) -> None:
    lines = [(i.name, f"{i.label}{COLON}{i.error}") for i in inputs if i.error]
    lines += [(name, text) for name, text in (("photos", shown.photo_error), ("agree", shown.agree_error)) if text]
    known = {name for name, _text in lines}
    lines += [("", str(error.message)) for error in problem.errors if error.path not in known]
    if problem.detail:
        lines.insert(0, ("", str(problem.detail)))
    if had_photos:
        shown.note_text = str(AGAIN)
    shown.errors = lines or [("", str(problem.title))]


async def show(asked: Asked) -> Response:
    """``GET /intake/f/<token>``."""
    chosen = asked.params(("form",)).get("form")
    token = asked.path_params["token"]
    here = await write(asked, lambda session: scene(session, asked, token))
    form = here.form(chosen)
    return _report(asked, here, form, token) if form else _chooser(asked, here, token)


async def send(asked: Asked) -> Response:
    """``POST /intake/f/<token>``."""
    chosen, token = asked.query.get("form"), asked.path_params["token"]

    def arrive(session: Session) -> tuple[Scene, Lazy | None]:
        here = scene(session, asked, token)
        return here, tallies.sending(session, asked, settings_of(asked))

    here, refused = await write(asked, arrive)
    form = here.form(chosen)
    if form is None:
        return _chooser(asked, here, token)
    sent = await _sent(asked, form, here, photos=not refused)
    try:
        if refused:
            raise TooMany(refused)
        if sent.errors:
            raise Invalid(errors=sent.errors)
        code = await write(asked, lambda session: _keep(session, asked, here, form, sent, token))
    except (Invalid, Conflict, TooMany) as problem:
        return _report(asked, here, form, token, sent, problem)
    return RedirectResponse(f"{P}/{code}?new=1", 303)


async def _sent(asked: Asked, form: ResidentForm[Any], here: Scene, *, photos: bool) -> Sent:
    """Take the form apart; what is wrong with it already goes along, so that all errors are said at once.

    :param photos: look at the pictures too, which is slow: not for somebody who has sent too much already.
    """
    values = await asked.form()
    uploads = await asked.upload("photos") if form.photos and photos else []
    errors: list[FieldError] = []
    try:
        typed, body = form_body(asked, form.model(), values, of=form.record, site=here.point.site_id)
    except Invalid as wrong:
        typed, body = {name: values.get(name, "") for name in form.asks}, {}
        errors += wrong.errors
    words = form.place[1]
    if words and here.place and not body.get(words):
        typed[words] = body[words] = here.place
    anonymous = form.anonymous is not None and values.get("anonymous") == "1"
    personal = [name for name in form.contact if body.get(name)]
    agreed = values.get("agree") == "1"
    if form.contact and not anonymous and not agreed:
        errors.append(FieldError("agree", AGREE))
    if form.anonymous is not None and not anonymous and form.contact and not personal:
        errors.append(FieldError(form.contact[0], WHO))
    if len(uploads) > form.photos:
        errors.append(FieldError("photos", PHOTOS.format(n=form.photos)))
    if any(not one.media_type.startswith("image/") for one in uploads):
        errors.append(FieldError("photos", _("Only pictures can be added.")))
    version = values.get("version", "")
    return Sent(
        typed,
        body,
        anonymous,
        agreed,
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        values.get("stamp", ""),
        values.get(spam.TRAP, ""),
        uploads,
        tuple(errors),
    )


def _keep(session: Session, asked: Asked, here: Scene, form: ResidentForm[Any], sent: Sent, token: str) -> str:
    """Everything that a report leaves behind, in one transaction. :returns: the follow-up code."""
    settings, x = settings_of(asked), as_system(asked, session)
    shown = spam.shown_at(asked, token, sent.stamp)
    if shown is None:
        raise Conflict(OLD)
    version = texts.kept(session, asked, settings)
    if not sent.anonymous and form.contact and sent.version != version:
        raise Conflict(_("The notice has a new version since you opened this page. Read it, then send once more."))
    body = {name: value for name, value in sent.body.items() if not (sent.anonymous and name in form.contact)}
    # Of this browser too: whoever words it as a neighbour did must not get a code for the neighbour's case.
    said = sorted(body.items(), key=lambda i: i[0])
    digest = keyed(asked, "same", asked.holder, here.point.id, form.slug, sent.anonymous, *said)
    if settings.same_minutes:
        tallies.count(session, digest, asked.now, tallies.SHORT)  # the same twice at once: the second waits here
        if (had := _same(session, asked, settings.same_minutes, digest)) is not None:
            return give(session, asked, had)
    why = spam.suspicions(settings, asked.now - shown, sent.trap, [v for v in body.values() if isinstance(v, str)])
    if refused := tallies.taken(session, asked, settings, here.point):
        raise TooMany(refused)
    place = here.point.location_id if _still_there(form, here, body) else None
    if why and settings.check:
        record = _held_back(x, form, here, body, sent.anonymous, place, why)
    else:
        record = form.receive(x, here.point.site_id, body, anonymous=sent.anonymous, location=place)
    for photo in sent.photos:
        x.for_resident().attach(record, photo)
    case = Case(
        record_kind=record.kind,
        record_id=record.id,
        form=form.slug,
        point_id=here.point.id,
        digest=digest,
        anonymous=sent.anonymous,
        at=asked.now,
    )
    session.add(case)
    if not sent.anonymous and form.contact:
        fields = [name for name in form.contact if body.get(name)]
        session.add(Consent(record_kind=record.kind, record_id=record.id, version=version, at=asked.now, fields=fields))
    session.flush()
    return give(session, asked, case)


def _still_there(form: ResidentForm[Any], here: Scene, body: Mapping[str, Any]) -> bool:
    """Whether the place in words is still about the place of the code."""
    name = form.place[1]
    if not (here.place and form.place[0]):
        return False
    return not name or here.place in str(body.get(name) or here.place)


def _same(session: Session, asked: Asked, minutes: int, digest: str) -> Case | None:
    since = asked.now - dt.timedelta(minutes=minutes)
    query = sa.select(Case).where(Case.digest == digest, Case.at >= since).order_by(Case.at.desc()).limit(1)
    return session.scalar(query)


def _held_back(
    x: Any, form: ResidentForm[Any], here: Scene, body: Mapping[str, Any], anonymous: bool, place: Any, why: list[Lazy]
) -> Submission:
    """It must be complete, as everything else; then it waits for a person."""
    form.check(x.for_resident(), here.point.site_id, body, anonymous=anonymous)
    shown = [str(body[name]) for name in form.asks if name not in form.contact and body.get(name)]
    values = {
        "text": " · ".join(shown)[:20_000] or "–",
        "why": "；".join(map(str, why))[:200],
        "form": form.slug,
        "location_id": str(place) if place else None,
        "anonymous": anonymous,
    }
    made: Submission = x.for_resident().submit(Submission, here.point.site_id, values)
    made.body = dict(body)
    return made


def give(session: Session, asked: Asked, case: Case) -> str:
    """A new follow-up code for a case; only its digest is kept."""
    code = new_code()
    made_by = asked.person.id if asked.person else None
    session.add(Key(digest=digest_of(code, asked.snapshot.tenant), case_id=case.id, made_by=made_by, made_at=asked.now))
    return code


ROUTES = (
    PageRoute("f/{token}", show, open=True),
    PageRoute("f/{token}", send, "POST", open=True, uploads=ROOM),
)
__all__ = ["ROUTES", "give"]
