"""Errors as people and programs get them: a page in the person's language, or problem+json (RFC 9457) under ``/api/``.

What may not be viewed answers byte for byte like what does not exist. What was not caused by the request is a fault
of ours: logged with its trace under the request's number, and never told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

import msgspec
import structlog
from starlette.responses import RedirectResponse, Response

from ..errors import Conflict, NotFound, Problem, TooMany, Unauthorized, Unavailable
from ..tenancy.cells import Contended, Lost
from ..words import Lazy, translator
from .pages import page
from .security import loggable
from .views import Action, AlonePage, Check, ErrorPage

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")
log = structlog.get_logger("dougong.web")

PROBLEM_JSON = "application/problem+json"


class NotAllowed(Problem):
    """The address exists, but does not answer this method. ``extra["allow"]`` lists those that it does."""

    status: ClassVar[int] = 405
    title: ClassVar[Lazy] = _("This address cannot be used that way")


class Fault(Problem):
    """An error of ours, as far as people are told of it."""

    status: ClassVar[int] = 500
    title: ClassVar[Lazy] = _("Something went wrong on our side")


_HOME = _("Back to the start page")
_MEND: dict[int, Lazy] = {
    400: _("Go back, correct the address or the form, and try again."),
    403: _("Ask your administrator for the right if you need it for your work."),
    404: _("Check the address. It may also be something that you may not view."),
    405: _("Go back and use the buttons of the page."),
    409: _("Load the page again and look at its present state."),
    412: _("Load the page again, compare, and make your change once more."),
    413: _("Send less at once."),
    415: _("Send a form, or JSON with the content type application/json."),
    422: _("Go back and correct what is named below."),
    429: _("Wait a little, then try again."),
    503: _("Try again in a moment. Before you send a form again, look whether it was done."),
    500: _("Try again in a moment. If it stays so, tell your administrator the number {number}."),
}


def answer(asked: Asked, error: Exception) -> Response:
    """The response to whatever an endpoint raised. Unknown exceptions are logged with their trace."""
    if isinstance(error, Problem):
        problem = error
    elif isinstance(error, Contended):
        problem = Conflict(_("Somebody else changes the same at this very moment. Please try again."))
    elif isinstance(error, Lost):
        log.error("database lost", request=asked.request_id, path=loggable(asked.path), exc_info=error)
        problem = unavailable()
    else:
        log.error("request failed", request=asked.request_id, path=loggable(asked.path), method=asked.method, exc_info=error)
        problem = Fault()
    if asked.is_api:
        return as_json(problem, asked.request_id)
    if isinstance(problem, Unauthorized):
        return to_sign_in(asked)
    return as_page(asked, problem)


def as_json(problem: Problem, request_id: str) -> Response:
    """RFC 9457. A 404 says nothing but that, whatever its cause."""
    body: dict[str, Any] = {"type": "about:blank", "title": str(problem.title), "status": problem.status}
    if not isinstance(problem, NotFound):
        if problem.detail:
            body["detail"] = str(problem.detail)
        if problem.errors:
            body["errors"] = [{"path": e.path, "message": str(e.message)} for e in problem.errors]
        body |= {name: plain(value) for name, value in problem.extra.items() if name != "allow"}
        body["request"] = request_id
    return Response(msgspec.json.encode(body), problem.status, _headers(problem), PROBLEM_JSON)


def plain(value: Any) -> Any:
    """A value of ``Problem.extra`` for JSON: explanations are spelt out, lazy words become text."""
    if isinstance(value, Lazy):
        return str(value)
    if hasattr(value, "checks") and hasattr(value, "mend"):
        return {
            "allowed": bool(value.allowed),
            "checks": [{"ok": c.ok, "text": str(c.text), "small": str(c.small)} for c in value.checks],
            "mend": str(value.mend),
            "grants": [str(grant) for grant in value.grants],
        }
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, NotAllowed):
        return {"allow": ", ".join(problem.extra["allow"])}
    if isinstance(problem, Unauthorized):
        return {"www-authenticate": "Bearer"}
    if isinstance(problem, TooMany | Unavailable):
        return {"retry-after": str(problem.extra.get("retry_after", 60 if isinstance(problem, TooMany) else 5))}
    return {}


def to_sign_in(asked: Asked) -> Response:
    """Signed-out people are asked to sign in, and come back to where they wanted to go."""
    if asked.is_script:  # a script cannot follow a page: it is told plainly
        return Response(status_code=401)
    back = asked.path_and_query if asked.method in ("GET", "HEAD") else "/"
    return RedirectResponse("/signin" + (f"?next={quote(back, safe='')}" if back != "/" else ""), 303)


def as_page(asked: Asked, problem: Problem) -> Response:
    """The error as a page: in the shell for those who are signed in, alone for others."""
    title = str(problem.title)
    text = "" if isinstance(problem, NotFound) else str(problem.detail)
    if problem.errors and not isinstance(problem, NotFound):
        text = " ".join([text, *(str(e.message) for e in problem.errors)]).strip()
    mend = str(_MEND.get(problem.status, _MEND[400]).format(number=asked.request_id))
    home = Action(str(_HOME), "/")
    if asked.person is None:
        response = page(asked, "alone.html", AlonePage(title, text=f"{text} {mend}".strip(), links=[home]), problem.status)
    else:
        back = Action(str(_("Back to the record")), problem.extra["back"]) if "back" in problem.extra else home
        explained = problem.extra.get("explanation")
        checks = [] if explained is None else [_check(c.ok, c.text, c.small) for c in explained.checks]
        if explained is not None:
            mend = str(explained.mend) or mend
        shown = ErrorPage(problem.status, title, text, mend, back, checks)
        response = page(asked, "error.html", shown, problem.status)
    for name, value in _headers(problem).items():
        response.headers[name] = value
    return response


def _check(ok: bool, text: Any, small: Any) -> Check:
    return Check(str(text), str(small), ok, str(_("Yes") if ok else _("No")))


def unavailable() -> Problem:
    """The database was not reached, or took too long."""
    return Unavailable(_("The database does not answer."))


def changed_meanwhile() -> Problem:
    """What somebody gets whose rights or modules changed between two steps of one request."""
    return Conflict(_("The company's set-up changed in this very moment. Load the page again."))
