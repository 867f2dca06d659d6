"""Step 1: which file, and what is in it."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Forbidden, Invalid, Resource, page, translator, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..records import Run
from ..settings import MB
from ..taking_in import take_in
from ..targets import importable, resource_named

_ = translator("dougong_exchange")

RUNS = "/exchange/run"
STEP = _("Step {n} of 4")


async def show(asked: Asked) -> Response:
    asked.params()
    return await _form(asked, asked.path_params.get("kind", ""))


async def send(asked: Asked) -> Response:
    """Take the file in. What cannot be read is said beside the field; nothing is kept of it then."""
    asked.params()
    form = await asked.form()
    kind = form.get("kind", "")
    limit = asked.snapshot.settings("exchange").upload_mb * MB  # type: ignore[attr-defined]
    files = await asked.upload("file", limit)

    def taken(session: Session) -> Any:
        x = asked.context(session, "exchange")
        resource = resource_named(x, kind)
        if not files:
            raise Invalid(errors=(_missing(),))
        return take_in(x, resource, files[0].path, files[0].name, upload=files[0]).id

    try:
        id = await write(asked, taken)
    except Invalid as problem:
        return await _form(asked, kind, problem)
    return RedirectResponse(f"/exchange/import/{id}/columns", 303)


def _missing() -> Any:
    from dougong import FieldError

    return FieldError("file", _("Choose a file."))


async def _form(asked: Asked, kind: str, problem: Invalid | None = None) -> Response:
    known = await write(asked, lambda session: importable(asked.context(session, "exchange")))
    if not known:
        raise Forbidden(_("You may import nothing."))
    return page(asked, "form.html", _page(asked, known, kind, problem), 200 if problem is None else problem.status)


def _page(asked: Asked, known: list[Resource[Any]], kind: str, problem: Invalid | None) -> FormPage:
    mb = asked.snapshot.settings("exchange").upload_mb  # type: ignore[attr-defined]
    options = [Option(r.kind, str(r.label), r.kind == kind or len(known) == 1) for r in known]
    error = str(problem.errors[0].message) if problem is not None and problem.errors else ""
    what = Input("kind", str(_("What is in it")), "choice", kind, options=options, required=True)
    file = Input(
        "file",
        str(_("File")),
        "files",
        required=True,
        error=error,
        accept=".xlsx,.xls,.ods,.csv,.tsv,.txt",
        help=str(_("Excel or CSV in whatever encoding, up to {n} MB. The first sheet is read.").format(n=mb)),
    )
    return FormPage(
        str(_("Import a file")),
        "/exchange/import",
        str(_("Continue")),
        [Section(str(_("File")), [what, file])],
        crumbs=[Crumb(str(Run.label), RUNS), Crumb(str(_("Import a file")))],
        subtitle=str(STEP.format(n=1)),
        errors=[("file", error)] if error else [],
        cancel=next((r.path for r in known if r.kind == kind), RUNS),
    )
