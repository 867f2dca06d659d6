"""The scorecard of one interviewer: the company's criteria, each from 0 to 100, for desk and phone."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, Invalid, page, translator, write
from dougong.views import Crumb, Flash, FormPage, Input, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..candidates import not_scored, score
from ..choices import CandidateState
from ..records import Candidate
from ..resources import candidate as resource

_ = translator("dougong_hr")


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "hr")
        return _form(x, x.get(Candidate, asked.uuid()), {}, {})

    return page(asked, "form.html", await write(asked, load))


async def save(asked: Asked) -> Response:
    """Keep the card; a refusal shows it as it was typed."""
    asked.params()
    form = await asked.form()
    typed = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    wrong: dict[str, str] = {}

    def work(session: Session) -> None:
        x = asked.context(session, "hr")
        given = {key: typed.get(f"c-{key}", "").strip() for key in x.settings.interview_criteria}
        bad = {f"c-{key}": str(_("from 0 to 100")) for key, text in given.items() if not _points(text)}
        if bad:
            wrong.update(bad)
            raise Invalid
        scores = {key: int(text) for key, text in given.items()}
        words = typed.get("words", "").replace("\r\n", "\n").strip() or None
        x.take(x.get(Candidate, asked.uuid()), score.name, scores=scores, words=words)

    try:
        await write(asked, work)
    except Invalid as refused:
        wrong.update({error.path: str(error.message) for error in refused.errors})

        def again(session: Session) -> FormPage:
            x = asked.context(session, "hr")
            return _form(x, x.get(Candidate, asked.uuid()), typed, wrong)

        return page(asked, "form.html", await write(asked, again), 422)
    asked.flash(_("Your scorecard was saved."))
    return RedirectResponse(f"{resource.path}/{asked.uuid()}", 303)


def _points(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100


def _form(x: Context[Any], c: Candidate, typed: dict[str, str], wrong: dict[str, str]) -> FormPage:
    x.demand(score.permission, c)
    open_now = c.status is CandidateState.INTERVIEW and not_scored.test(c, x)
    inputs = [
        Input(
            f"c-{key}", str(one.label), "number", value=typed.get(f"c-{key}", ""), required=True, min="0", max="100",
            help=str(_("Weight {n}").format(n=one.weight)), error=wrong.get(f"c-{key}", ""), readonly=not open_now,
        )
        for key, one in x.settings.interview_criteria.items()
    ]  # fmt: skip
    words = Input(
        "words", str(_("Impression")), "prose", value=typed.get("words", ""), maxlength=20_000, error=wrong.get("words", ""),
        help=str(_("What you saw and heard that the points stand on.")), readonly=not open_now,
    )  # fmt: skip
    closed = Flash("info", str(_("You have scored already, or the interview is not on.")))
    return FormPage(
        title=str(_("Scorecard")),
        subtitle=f"{c.number} {c.title}",
        action=f"/hr/candidates/{c.id}/score",
        submit=str(_("Save the scorecard")),
        sections=[Section(str(_("Criteria, from 0 to 100")), inputs), Section(str(_("Impression")), [words])],
        crumbs=[
            Crumb(str(resource.label), resource.path),
            Crumb(c.number, f"{resource.path}/{c.id}"),
            Crumb(str(_("Scorecard"))),
        ],
        errors=list(wrong.items()),
        cancel=f"{resource.path}/{c.id}",
        note=None if open_now else closed,
    )
