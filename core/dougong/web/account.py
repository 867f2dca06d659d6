"""One's own account: password, sessions, access tokens, language and appearance.

Everything here concerns only the person who asks. What others may do to an account is in ``web.admin``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm
from starlette.responses import Response

from ..access import signin, tables, tokens
from ..errors import BadRequest, FieldError, Invalid, NotFound, Problem, TooMany
from ..words import LOCALES, translator
from .display import moment, stamp
from .inputs import Values
from .pages import APPEARANCES, page
from .requests import Asked, write
from .routing import Route
from .security import APPEARANCE_COOKIE, LOCALE_COOKIE, YEAR, set_cookie
from .signin import errors_of, local, redirect, with_errors
from .views import Action, Card, CardsPage, FormPage, Input, Line, Option, Section, Value

if TYPE_CHECKING:
    from ..plugins.registry import Registry

_ = translator("dougong")

_LANGUAGES = {"zh": "中文", "en": "English"}
_DAYS = (30, 90, 180, 365)


def _zone(asked: Asked) -> ZoneInfo:
    return asked.snapshot.sites.zone()


def _me(asked: Asked) -> Any:
    person = asked.gate.person
    if person is None or asked.by_token:
        raise NotFound  # an account is for its person at a browser; a token, however narrow, must not change it
    return person


# ---- the page ---------------------------------------------------------------------------------------


def _password_form(problem: Problem | None) -> FormPage:
    inputs = [
        Input("old", str(_("Present password")), "password", required=True, autocomplete="current-password", maxlength=200),
        Input("new", str(_("New password")), "password", required=True, autocomplete="new-password", maxlength=200),
        Input("again", str(_("The same again")), "password", required=True, autocomplete="new-password", maxlength=200),
    ]
    return FormPage(
        title=str(_("Change password")),
        action="/account/password",
        submit=str(_("Change password")),
        sections=[Section("", with_errors(inputs, problem), help=str(_("All your other sessions end with it.")))],
        errors=errors_of(problem) if problem else [],
    )


def _language_form(asked: Asked) -> FormPage:
    options = [Option(code, name, code == asked.locale) for code, name in _LANGUAGES.items()]
    return FormPage(
        title=str(_("Language")),
        action="/preferences",
        submit=str(_("Use this language")),
        sections=[Section("", [Input("locale", str(_("Language")), "radios", asked.locale, options=options, required=True)])],
        hidden=[("next", "/account")],
    )


def _token_form(asked: Asked, sent: Mapping[str, str], problem: Problem | None) -> FormPage:
    days = sent.get("days", "90")
    ends = [Option(str(n), str(_("{n} days").format(n=n)), str(n) == days) for n in _DAYS]
    inputs = [
        Input("name", str(_("What it is for")), "line", sent.get("name", ""), required=True, maxlength=tokens.NAME_MOST),
        Input(
            "scope",
            str(_("What it may do")),
            "prose",
            sent.get("scope", "*"),
            required=True,
            help=str(_("Permissions, one a line; * stands for all that you may, complaints.* for all of a module.")),
        ),
        Input("days", str(_("Ends after")), "choice", days, options=ends, required=True),
    ]
    return FormPage(
        title=str(_("New access token")),
        action="/account/tokens",
        submit=str(_("Make the token")),
        sections=[Section("", with_errors(inputs, problem))],
        errors=errors_of(problem) if problem else [],
    )


_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


def browser_name(agent: str | None) -> str:
    """A browser as its owner would call it: ``Chrome, Windows``; its own words where it is none of the usual ones."""
    if not agent:
        return str(_("Unknown browser"))
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return ", ".join(part for part in (browser, system) if part) or agent[:60]


def _session_line(asked: Asked, one: tables.Session, zone: ZoneInfo) -> Line:
    mine = one.id == asked.session_id
    end = [] if mine else [Action(str(_("End")), f"/account/sessions/{one.id}/end", danger=True, post=True)]
    since = _("since {at}, last seen {seen}").format(at=stamp(one.created_at, zone), seen=stamp(one.seen_at, zone))
    state = Value("tag", str(_("This one")), tone="good") if mine else None
    return Line(browser_name(one.agent), small=str(since), icon="user", end=state, actions=end)


def _token_line(asked: Asked, one: tables.Token, zone: ZoneInfo) -> Line:
    live = one.revoked_at is None and one.expires_at > asked.now
    actions = [Action(str(_("Revoke")), f"/account/tokens/{one.id}/revoke", danger=True, post=True)] if live else []
    if one.revoked_at is not None:
        end = Value("tag", str(_("revoked")), tone="bad")
    else:
        text = _("until {at}") if live else _("ended {at}")
        end = Value("text", str(text.format(at=moment(one.expires_at, zone, asked.now).title or stamp(one.expires_at, zone))))
    return Line(one.name, small=", ".join(one.scope), icon="key", end=end, actions=actions)


async def _page(
    asked: Asked,
    *,
    password: Problem | None = None,
    token: Problem | None = None,
    sent: Mapping[str, str] | None = None,
    secret: str | None = None,
) -> Response:
    person = _me(asked)
    zone = _zone(asked)

    def look(session: orm.Session) -> tuple[list[tables.Session], list[tables.Token]]:
        live = sa.select(tables.Session).where(
            tables.Session.person_id == person.id, tables.Session.expires_at > asked.now
        )
        return list(session.scalars(live.order_by(tables.Session.seen_at.desc()))), tokens.tokens_of(session, person.id)

    sessions, own = await write(asked, look)
    cards = [
        Card(
            str(_("Signed in on")),
            [_session_line(asked, one, zone) for one in sessions],
            more=Action(str(_("Sign out everywhere")), "/signout-everywhere", danger=True, post=True),
        ),
        Card(
            str(_("Access tokens")),
            [_token_line(asked, one, zone) for one in own],
            empty=str(_("For programs that work in your name over the API. You have none.")),
        ),
    ]
    if secret is not None:
        told = _("Copy it now; it is shown this once: {secret}").format(secret=secret)
        cards.insert(0, Card(str(_("Your new access token")), text=str(told), tone="good"))
    problem = password or token
    shown = CardsPage(
        title=str(_("My account")),
        subtitle=str(_("{name}, user name {username}").format(name=person.name, username=person.username)),
        cards=cards,
        forms=[_password_form(password), _language_form(asked), _token_form(asked, sent or {}, token)],
        actions=[Action(str(_("Sign out")), "/signout", post=True)],
    )
    return page(asked, "cards.html", shown, problem.status if problem else 200)


async def show(asked: Asked) -> Response:
    """``GET /account``."""
    asked.params()
    return await _page(asked)


async def change_password(asked: Asked) -> Response:
    """``POST /account/password``: needs the present one; the person's other sessions end."""
    form = await asked.form()
    person = _me(asked)

    def change(session: orm.Session) -> None:
        if form.get("new", "") != form.get("again", ""):
            raise Invalid(errors=(FieldError("again", _("The two are not the same.")),))
        signin.change_password(
            session,
            person.id,
            form.get("old", ""),
            form.get("new", ""),
            address=asked.address,
            now=asked.now,
            keep=asked.session_id,
        )

    try:
        await write(asked, change)
    except (Invalid, TooMany) as problem:
        return await _page(asked, password=problem)
    asked.flash(_("Your password is changed. All your other sessions have ended."))
    return redirect("/account")


async def end_session(asked: Asked) -> Response:
    """``POST /account/sessions/<id>/end``: only one's own."""
    person, id = _me(asked), asked.path_params["id"]

    def end(session: orm.Session) -> bool:
        mine = sa.select(tables.Session.id).where(tables.Session.id == id, tables.Session.person_id == person.id)
        if session.scalar(mine) is None:
            return False
        signin.sign_out(session, id)
        return True

    if not await write(asked, end):
        raise NotFound
    asked.app.sessions.drop(asked.snapshot.tenant, id)
    asked.flash(_("The session has ended."))
    return redirect("/account")


# ---- access tokens ----------------------------------------------------------------------------------


def _ends(form: Values, now: dt.datetime) -> dt.datetime:
    days = form.get("days", "")
    if days not in {str(n) for n in _DAYS}:
        raise Invalid(errors=(FieldError("days", _("Choose one of the list.")),))
    return now + dt.timedelta(days=int(days))


async def make_token(asked: Asked) -> Response:
    """``POST /account/tokens``: the secret is in the answer to this request and nowhere else."""
    form = await asked.form()
    person = _me(asked)
    scope = [line.strip() for line in form.get("scope", "").replace(",", "\n").splitlines() if line.strip()]

    def make(session: orm.Session) -> str:
        return tokens.token_create(
            session,
            person.id,
            name=form.get("name", ""),
            scope=scope,
            ends=_ends(form, asked.now),
            now=asked.now,
            permissions=asked.app.registry.permissions,
        )

    try:
        secret = await write(asked, make)
    except Invalid as problem:
        at_field = tuple(FieldError(e.path.partition(".")[0], e.message) for e in problem.errors)
        return await _page(asked, token=Invalid(problem.detail, errors=at_field), sent=dict(form))
    return await _page(asked, secret=secret)


async def revoke_token(asked: Asked) -> Response:
    """``POST /account/tokens/<id>/revoke``: only one's own; it fails from the next request on."""
    person, id = _me(asked), asked.path_params["id"]
    await write(asked, lambda session: tokens.token_revoke(session, id, now=asked.now, person_id=person.id))
    asked.flash(_("The token is revoked."))
    return redirect("/account")


# ---- language and appearance ------------------------------------------------------------------------


async def set_preferences(asked: Asked) -> Response:
    """``POST /preferences``: language (kept with the person where one is signed in) or appearance, for this browser."""
    form = await asked.form()
    response = redirect(local(form.get("next")))
    if (spoken := form.get("locale")) is not None:
        if spoken not in LOCALES:
            raise BadRequest(_("Choose one of these languages: {names}").format(names=", ".join(_LANGUAGES.values())))
        person = asked.person
        if person is not None and not asked.by_token and person.locale != spoken:
            row = sa.update(tables.Person).where(tables.Person.id == person.id).values(locale=spoken)
            await write(asked, lambda session: session.execute(row).close())
        set_cookie(response, LOCALE_COOKIE, spoken, https=asked.https, max_age=YEAR)
    if (look := form.get("appearance")) is not None:
        if look not in APPEARANCES:
            raise BadRequest(_("Choose light, dark or automatic."))
        set_cookie(response, APPEARANCE_COOKIE, look, https=asked.https, max_age=YEAR)
    return response


def routes(registry: Registry, modules: frozenset[str]) -> list[Route]:
    """The addresses of this module."""
    return [
        Route("GET", "/account", show),
        Route("POST", "/account/password", change_password),
        Route("POST", "/account/sessions/{id}/end", end_session),
        Route("POST", "/account/tokens", make_token),
        Route("POST", "/account/tokens/{id}/revoke", revoke_token),
        Route("POST", "/preferences", set_preferences, open=True),
    ]
