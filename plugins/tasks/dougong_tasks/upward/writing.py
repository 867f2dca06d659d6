"""The form in which an author writes a report: words on the whole, and on each section below its figures."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Conflict, Context, Problem, page, translator, with_problem, write
from dougong.views import Crumb, Flash, FormPage, Input, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .filling import filled
from .flow import is_author, remark, remarks, submit
from .records import SiteReport
from .sheet import number

_ = translator("dougong_tasks")
TEXTS = (
    ("summary", _("In short"), _("What the reader has to know, in two or three sentences.")),
    ("problems", _("Problems and what is needed"), ""),
    ("plan", _("Next period"), ""),
    (
        "client_text",
        _("Words for the client"),
        _("Nothing else that you write goes to the client. No names, no costs."),
    ),
)


async def show(asked: Asked) -> Response:
    asked.params()
    return page(asked, "form.html", await write(asked, lambda s: _form(asked.context(s, "tasks"), asked, {}, None)))


async def save(asked: Asked) -> Response:
    """Keep the words; ``then=submit`` submits at once. A refusal shows the form as it was typed."""
    asked.params()
    sent = await asked.form()
    typed = {name: value.replace("\r\n", "\n") for name, value in sent.items() if isinstance(value, str)}

    def work(session: Session) -> None:
        x = asked.context(session, "tasks")
        r = x.take(x.get(SiteReport, asked.uuid()), remark.name, **_body(typed))
        if typed.get("then") == "submit":
            x.take(r, submit.name)

    try:
        await write(asked, work)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        wrong = problem
        shown = await write(asked, lambda s: _form(asked.context(s, "tasks"), asked, typed, wrong))
        return page(asked, "form.html", shown, problem.status)
    asked.flash(_("Submitted.") if typed.get("then") == "submit" else _("Saved."))
    return RedirectResponse(f"/tasks/sheet/{asked.uuid()}", 303)


def _body(typed: dict[str, str]) -> dict[str, Any]:
    """What was typed as the step takes it: nothing typed is nothing said."""
    body: dict[str, Any] = {name: typed[name].strip() or None for name, _label, _help in TEXTS if name in typed}
    at = "remarks."
    body["remarks"] = {
        name.removeprefix(at): text.strip() or None for name, text in typed.items() if name.startswith(at)
    }
    return body


def _form(x: Context[Any], asked: Asked, typed: dict[str, str], problem: Problem | None) -> FormPage:
    r = x.get(SiteReport, asked.uuid())
    x.demand(remark.permission, r)
    if not remark.open_from(r.status):
        raise Conflict(_("The report has been submitted; it is written on when it was returned."))
    if not is_author.test(r, x):
        raise Conflict(is_author.why)
    said = remarks(r, x)
    inputs = [
        Input(name, str(label), "prose", typed.get(name, getattr(r, name) or ""), maxlength=20_000, help=str(help))
        for name, label, help in TEXTS
    ]
    several = []
    for one in filled(r, x, x.actor):
        figures = " · ".join(f"{f['label']} {number(f['value'])}{f['unit']}" for f in one["figures"])
        name, text = f"remarks.{one['key']}", said.get(one["key"], "")
        help = figures or one["sentence"]
        several.append(Input(name, one["label"], "prose", typed.get(name, text), maxlength=20_000, help=help))
    parts = [Section(str(_("The whole")), inputs), Section(str(_("Words on sections")), several)]
    site = x.snapshot.sites.node(r.site_id)
    made = FormPage(
        f"{site.name} {r.period.label}",
        f"/tasks/writing/{r.id}",
        str(_("Save")),
        parts,
        crumbs=[
            Crumb(str(_("Reports upward")), "/tasks/report"), Crumb(r.number, f"/tasks/sheet/{r.id}"), Crumb(str(remark.label))
        ],
        subtitle=f"{r.starts} – {r.ends}",
        others=[("then", "submit", str(_("Save and submit")))],
        cancel=f"/tasks/sheet/{r.id}",
        draft=f"tasks-writing-{r.id}",
    )  # fmt: skip
    if r.returned_because:
        made.note = Flash("warn", str(_("Returned: {reason}").format(reason=r.returned_because)))
    return with_problem(made, problem)
