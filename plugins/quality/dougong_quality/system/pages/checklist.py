"""The checklist of an audit as one form, clause by clause, for desk and phone; what is left empty is answered another time."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Conflict, Context, Invalid, page, translator, write
from dougong.views import Action, Crumb, Flash, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..audits import checks
from ..choices import AuditState, Verdict
from ..independence import team
from ..records import Audit, AuditCheck
from ..resources import audit as resource

_ = translator("dougong_quality")


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "quality")
        return _form(x, x.get(Audit, asked.uuid()))

    return page(asked, "form.html", await write(asked, load))


async def save(asked: Asked) -> Response:
    """Keep what was answered; a refusal shows the form as it was typed."""
    asked.params()
    form = await asked.form()

    def work(session: Session) -> int:
        x = asked.context(session, "quality")
        audit = x.get(Audit, asked.uuid())
        answers = [
            {"id": str(one.id), "verdict": verdict, "evidence": evidence or None}
            for one in checks(audit, x).values()
            if (verdict := form.get(f"v-{one.id}", "")) and _changed(one, verdict, evidence := _text(form, one))
        ]
        if answers:
            try:
                x.take(audit, "answer", answers=answers)
            except Invalid as wrong:
                raise Refused(wrong, answers) from None
        return len(answers)

    try:
        number = await write(asked, work)
    except Refused as refused:
        mistakes = refused.fields()

        def again(session: Session) -> FormPage:
            x = asked.context(session, "quality")
            return _form(x, x.get(Audit, asked.uuid()), form, mistakes)

        return page(asked, "form.html", await write(asked, again), 422)
    asked.flash(_("{n} answers were saved.").format(n=number) if number else _("Nothing was changed."))
    return RedirectResponse(f"{resource.path}/{asked.uuid()}", 303)


class Refused(Exception):
    """The step refused some of the answers that were sent."""

    def __init__(self, wrong: Invalid, answers: list[dict[str, Any]]) -> None:
        super().__init__(str(wrong))
        self.wrong, self.answers = wrong, answers

    def fields(self) -> dict[str, str]:
        """What is wrong, by the form's own names."""
        found = {}
        for error in self.wrong.errors:
            parts = error.path.split(".")
            if len(parts) == 3 and parts[1].isdigit():
                kind = "v" if parts[2] == "verdict" else "e"
                found[f"{kind}-{self.answers[int(parts[1])]['id']}"] = str(error.message)
            else:
                found[""] = str(error.message)
        return found


def _text(form: Any, one: AuditCheck) -> str:
    return str(form.get(f"e-{one.id}", "")).replace("\r\n", "\n").strip()


def _changed(one: AuditCheck, verdict: str, evidence: str) -> bool:
    return verdict != (one.verdict.value if one.verdict else "") or evidence != (one.evidence or "")


def _form(x: Context[Any], audit: Audit, form: Any = None, mistakes: dict[str, str] | None = None) -> FormPage:
    lines = list(checks(audit, x).values())
    if not lines:
        raise Conflict(_("This audit has no checklist yet: prepare it first."))
    wrong = mistakes or {}
    mine = audit.status is AuditState.RUNNING and x.actor in team(audit).values()
    said = _("{done} of {all} clauses answered").format(done=audit.answered, all=audit.asked)
    note = None if mine else Flash("info", str(_("Only its auditors answer it, and while the audit is carried out.")))
    return FormPage(
        title=str(_("Checklist")),
        subtitle=f"{audit.number} {audit.title} · {said}",
        action=f"/quality/audits/{audit.id}/checklist",
        submit=str(_("Save the answers")),
        sections=_sections(x, lines, form, wrong, mine),
        crumbs=[
            Crumb(str(resource.label), resource.path),
            Crumb(audit.number, f"{resource.path}/{audit.id}"),
            Crumb(str(_("Checklist"))),
        ],
        errors=list(wrong.items()),
        cancel=f"{resource.path}/{audit.id}",
        note=note,
    )


def _sections(x: Context[Any], lines: list[AuditCheck], form: Any, wrong: dict[str, str], mine: bool) -> list[Section]:
    known = x.settings.standards()
    made: dict[str, Section] = {}
    for one in lines:
        standard = known.get(one.standard)
        name = standard.name if standard else one.standard
        section = made.setdefault(name, Section(name, []))
        about = standard.clauses.get(one.clause, "") if standard else ""
        section.inputs += _inputs(one, f"{one.clause} {about}", form, wrong, mine)
    return list(made.values())


def _inputs(one: AuditCheck, label: str, form: Any, wrong: dict[str, str], mine: bool) -> list[Input]:
    verdict, evidence = f"v-{one.id}", f"e-{one.id}"
    chosen = form.get(verdict, "") if form is not None else one.verdict.value if one.verdict else ""
    typed = _text(form, one) if form is not None else one.evidence or ""
    options = [Option(v.value, str(v.label), v.value == chosen) for v in Verdict if mine or v.value == chosen]
    return [
        Input(verdict, label, "radios", options=options, error=wrong.get(verdict, ""), readonly=not mine),
        Input(
            evidence,
            str(_("Evidence of {clause}").format(clause=one.clause)),
            "prose",
            value=typed,
            error=wrong.get(evidence, ""),
            readonly=not mine,
            maxlength=20_000,
        ),
    ]


def beside(audit: Audit, x: Context[Any]) -> list[Action]:
    """The way to the checklist."""
    return [Action(str(_("Checklist")), f"/quality/audits/{audit.id}/checklist", "todo")] if audit.asked else []
