"""Pages before anybody is signed in: sign-in, forgotten password, the links that set one; and signing out.

The services are in ``access.signin`` and ``access.invitations``; here are their forms and cookies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import orm
from starlette.responses import RedirectResponse, Response

from ..access import invitations, signin
from ..access.secret import fingerprint
from ..errors import FieldError, Invalid, NotFound, Problem, TooMany, Unauthorized
from ..words import Lazy, translator
from .pages import page
from .requests import Asked, write
from .routing import Route
from .security import SESSION_COOKIE, set_cookie
from .views import Action, AlonePage, FormPage, Input, Section

if TYPE_CHECKING:
    from ..plugins.registry import Registry

_ = translator("dougong")
log = structlog.get_logger("dougong.web")

_USERNAME, _PASSWORD = _("User name"), _("Password")
_WRONG = _("Please check what you entered")


def local(target: str | None) -> str:
    """Where to go after signing in: only a path on this very host, never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\", "/signin")):
        return "/"
    return target if all(c > " " and c != "\\" for c in target) else "/"


def redirect(target: str) -> Response:
    """See other: the browser gets the next page with GET."""
    return RedirectResponse(target, 303)


def errors_of(problem: Problem) -> list[tuple[str, str]]:
    """The problem's messages for the head of a form."""
    found = [(error.path, str(error.message)) for error in problem.errors]
    return found or [("", str(problem.detail or problem.title))]


def with_errors(inputs: Sequence[Input], problem: Problem | None) -> list[Input]:
    """Put each message under its field."""
    for one in inputs:
        one.error = next((str(e.message) for e in problem.errors if e.path == one.name), "") if problem else ""
    return list(inputs)


def _sign_in_page(asked: Asked, username: str, target: str, problem: Problem | None = None) -> Response:
    inputs = [
        Input("username", str(_USERNAME), "line", username, required=True, autocomplete="username", maxlength=200),
        Input("password", str(_PASSWORD), "password", required=True, autocomplete="current-password", maxlength=200),
    ]
    form = FormPage(
        title=str(_("Sign in")),
        action="/signin",
        submit=str(_("Sign in")),
        sections=[Section("", with_errors(inputs, problem))],
        errors=errors_of(problem) if problem else [],
        hidden=[("next", target)] if target != "/" else [],
    )
    shown = AlonePage(
        asked.snapshot.name,
        subtitle=str(_("Sign in")),
        form=form,
        links=[Action(str(_("Forgotten your password?")), "/forgot")],
    )
    return page(asked, "alone.html", shown, problem.status if problem else 200)


async def show_sign_in(asked: Asked) -> Response:
    """``GET /signin``: the form; who is signed in already goes on."""
    query = asked.params(allowed=("next", "username"))
    target = local(query.get("next"))
    if asked.person is not None:
        return redirect(target)
    return _sign_in_page(asked, query.get("username", "")[:200], target)


async def sign_in(asked: Asked) -> Response:
    """``POST /signin``: a fresh session, whatever cookie the browser had before."""
    form = await asked.form()
    username, password = form.get("username", ""), form.get("password", "")
    target = local(form.get("next"))
    missing = [(n, label) for n, label, v in (("username", _USERNAME, username), ("password", _PASSWORD, password)) if not v]
    if missing:
        needed = tuple(FieldError(name, _("{label} is needed.").format(label=label)) for name, label in missing)
        return _sign_in_page(asked, username, target, Invalid(_WRONG, errors=needed))

    def begin(session: orm.Session) -> str:
        value, _begun = signin.sign_in(
            session,
            username,
            password,
            address=asked.address,
            agent=asked.agent,
            now=asked.now,
            allow_demo=asked.app.allow_demo,
            replaces=asked.session_id,
        )
        return value

    try:
        cookie = await write(asked, begin)
    except (Unauthorized, TooMany, Invalid) as problem:
        log.info("sign-in refused", tenant=asked.snapshot.slug, request=asked.request_id, status=problem.status)
        return _sign_in_page(asked, username[:200], target, problem)
    if asked.session_id is not None:
        asked.app.sessions.drop(asked.snapshot.tenant, asked.session_id)
    response = redirect(target)
    set_cookie(response, SESSION_COOKIE, cookie, https=asked.https, max_age=int(signin.ABSOLUTE.total_seconds()))
    return response


async def sign_out(asked: Asked) -> Response:
    """``POST /signout``: ends this session."""
    session_id = asked.session_id
    if session_id is not None:
        await write(asked, lambda session: signin.sign_out(session, session_id))
        asked.app.sessions.drop(asked.snapshot.tenant, session_id)
    return _signed_out(asked)


async def sign_out_everywhere(asked: Asked) -> Response:
    """``POST /signout-everywhere``: ends all sessions of this person, this one too."""
    person, session_id = asked.person, asked.session_id
    if person is None or session_id is None:
        raise NotFound  # not for access tokens
    await write(asked, lambda session: signin.sign_out_everywhere(session, person.id))
    asked.app.sessions.drop(asked.snapshot.tenant, session_id)
    log.info("signed out everywhere", tenant=asked.snapshot.slug, request=asked.request_id)
    return _signed_out(asked)


def _signed_out(asked: Asked) -> Response:
    response = redirect("/signin")
    set_cookie(response, SESSION_COOKIE, "", https=asked.https, max_age=0)
    return response


# ---- forgotten password, invitation, reset ----------------------------------------------------------


def _notice(asked: Asked, title: Lazy, text: Lazy, status: int = 200) -> Response:
    to_sign_in = Action(str(_("To the sign-in page")), "/signin")
    return page(asked, "alone.html", AlonePage(str(title), text=str(text), links=[to_sign_in]), status)


async def show_forgot(asked: Asked) -> Response:
    """``GET /forgot``: whom to ask. Nothing is sent by mail."""
    asked.params()
    form = FormPage(
        title=str(_("Forgotten your password?")),
        action="/forgot",
        submit=str(_("Note my request")),
        sections=[
            Section("", [Input("username", str(_USERNAME), "line", required=True, autocomplete="username", maxlength=200)])
        ],
    )
    text = _(
        "Ask your company's system administrator: they make a link with which you set a new password. "
        "It holds for one day and opens once."
    )
    shown = AlonePage(str(form.title), text=str(text), form=form, links=[Action(str(_("To the sign-in page")), "/signin")])
    return page(asked, "alone.html", shown)


async def forgot(asked: Asked) -> Response:
    """``POST /forgot``: the same answer for every name, known or not; the request stands in the log by the name's fingerprint."""
    username = (await asked.form()).get("username", "").strip()
    log.info(
        "password reset asked for",
        tenant=asked.snapshot.slug,
        request=asked.request_id,
        name=fingerprint(username.lower())[:16],
    )
    return _notice(
        asked,
        _("Your request is noted"),
        _("Please tell your company's system administrator too: only they can make the link for a new password."),
    )


def _link_page(asked: Asked, greeting: str, problem: Problem | None = None) -> Response:
    rule = _("At least {n} characters. Several words in a row are easy to remember and hard to guess.")
    inputs = [
        Input(
            "password",
            str(_("New password")),
            "password",
            required=True,
            autocomplete="new-password",
            help=str(rule.format(n=10)),
            maxlength=200,
        ),
        Input("again", str(_("The same again")), "password", required=True, autocomplete="new-password", maxlength=200),
    ]
    form = FormPage(
        title=str(_("Set your password")),
        action=asked.path,
        submit=str(_("Set the password and sign in")),
        sections=[Section("", with_errors(inputs, problem))],
        errors=errors_of(problem) if problem else [],
    )
    shown = AlonePage(str(form.title), subtitle=greeting, form=form)
    return page(asked, "alone.html", shown, problem.status if problem else 200)


def _spent(asked: Asked) -> Response:
    return _notice(
        asked,
        _("This link no longer opens anything"),
        _("It has been used or is too old. Ask your company's system administrator for a new one."),
        404,
    )


def _secret(asked: Asked) -> str:
    return asked.path_params["secret"]


async def _greeting(asked: Asked) -> str:
    person = await write(asked, lambda session: invitations.pending(session, _secret(asked), now=asked.now))
    return str(_("{name}, user name {username}").format(name=person.name, username=person.username))


async def show_link(asked: Asked) -> Response:
    """``GET /invite/<secret>`` and ``/reset/<secret>``: the form that sets a password."""
    try:
        return _link_page(asked, await _greeting(asked))
    except NotFound:
        return _spent(asked)


async def follow_link(asked: Asked) -> Response:
    """``POST`` of the same: sets the password, uses up the link and signs in."""
    form = await asked.form()
    password = form.get("password", "")

    def accept(session: orm.Session) -> str:
        if password != form.get("again", ""):
            raise Invalid(errors=(FieldError("again", _("The two are not the same.")),))
        person = invitations.accept(session, _secret(asked), password, now=asked.now)
        value, _begun = signin.start(session, person.id, agent=asked.agent, now=asked.now)
        return value

    try:
        cookie = await write(asked, accept)
    except (Invalid, TooMany) as problem:
        return _link_page(asked, await _greeting(asked), problem)
    except NotFound:
        return _spent(asked)
    asked.session_id = fingerprint(cookie)  # the next page's session is the one to be told
    asked.flash(_("Your password is set. Welcome."))
    response = redirect("/")
    set_cookie(response, SESSION_COOKIE, cookie, https=asked.https, max_age=int(signin.ABSOLUTE.total_seconds()))
    return response


def routes(registry: Registry, modules: frozenset[str]) -> list[Route]:
    """The addresses of this module; reached without signing in, but for signing out."""
    found = [
        Route("GET", "/signin", show_sign_in, open=True),
        Route("POST", "/signin", sign_in, open=True),
        Route("POST", "/signout", sign_out),
        Route("POST", "/signout-everywhere", sign_out_everywhere),
        Route("GET", "/forgot", show_forgot, open=True),
        Route("POST", "/forgot", forgot, open=True),
    ]
    for name in ("invite", "reset"):
        found.append(Route("GET", f"/{name}/{{secret}}", show_link, open=True))
        found.append(Route("POST", f"/{name}/{{secret}}", follow_link, open=True))
    return found


__all__ = ["errors_of", "local", "redirect", "routes", "with_errors"]
