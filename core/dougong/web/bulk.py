"""Something done to many rows of a list: what is offered, the form that asks once, the report of how it went.

The doing is ``records.bulk_actions``: each record by itself. Works without JavaScript; the API is ``bulk_api``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..errors import BadRequest, FieldError, Forbidden, Invalid, NotFound
from ..records import bulk_actions, reads
from ..records.bulk_actions import AT_ONCE, EDIT, MOST
from ..records.models import validate
from ..words import Lazy, plural, translator
from . import forms, listquery, looking, standing, widgets
from .forms import Errors
from .pages import page
from .plans import Plan
from .progressing import work_progress
from .requests import read, write
from .shapes import Shape
from .transitions import resolve_numbers, speaker_of
from .views import Action, BulkReport, Crumb, FormPage, Input, Line, Option, Progress, Section, Value
from .work import context, settings_of

if TYPE_CHECKING:
    from .requests import Asked, Values

_ = translator("dougong")

_EDIT = _("Change one field…")
_CHOSEN = _("{n} records are chosen."), _("{n} record is chosen.")
_NONE = _("No record is chosen. Tick some in the list first.")
_TOO_MANY = _("That are more than {most} records. Narrow the list down, or do it in parts.")
_ONE_BY_ONE = _(
    "Each one is done by itself, with your rights at its site; those that refuse stay as they are and are listed afterwards."
)
_WORST = _("Which field")


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that can be done to many.

    :ivar action: ``edit`` or ``do:<transition>``. :ivar shapes: what is asked once.
    """

    action: str
    label: Lazy | str
    shapes: Mapping[str, Shape]
    danger: bool = False
    icon: str | None = None


def doings(plan: Plan, asked: Asked) -> list[Doing]:
    """What this person can do to many records here: transitions whose form can be asked once, then editing one field.

    A field that only one record's site can answer (a place in a building) cannot be asked once.
    """
    found = []
    for name, step in plan.transitions.items():
        shapes = plan.asked(name)
        if asked.gate.scope(step.permission) and not any(_of_one(s) for s in shapes.values()):
            found.append(Doing(f"do:{name}", step.label, shapes, step.danger, step.icon))
    # Giving work to somebody comes first: it is what is done to many at a time.
    found.sort(key=lambda one: (one.danger, not any(s.kind == "person" for s in one.shapes.values())))
    fields = {n: s for n, s in plan.edit_fields.items() if not _of_one(s) and not s.meta.mask and not s.meta.reads}
    if fields and asked.gate.scope(plan.resource.permission("edit")):
        found.append(Doing(EDIT, _EDIT, fields, icon="set"))
    return found


def _of_one(shape: Shape) -> bool:
    return shape.kind in ("location", "file", "record") or bool(shape.meta.when)


def offered(asked: Asked, plan: Plan, pairs: Sequence[tuple[str, str]]) -> list[Action]:
    """The buttons of the bar below a list."""
    made = [
        Action(str(one.label), listquery.href(f"{plan.path}/bulk/{one.action}", pairs), one.icon, danger=one.danger)
        for one in doings(plan, asked)
    ]
    return [*made, *standing.posts(asked, plan, pairs)]


class Bulk:
    """The endpoints ``…/bulk/<action>`` and ``…/bulk-run/<run>``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def ask(self, asked: Asked) -> Response:
        """The form that asks once, and (``go``) the doing."""
        plan = self.plan
        if not asked.gate.scope(plan.resource.permission("read")):
            raise NotFound()
        doing = self._doing(asked)
        form = await asked.form()
        ids = await chosen(asked, plan, form)
        if "go" not in form:
            return self._form(asked, doing, ids, {n: widgets.begun(s, self._zone(asked)) for n, s in doing.shapes.items()})
        typed = {n: widgets.sent(s, n, form) for n, s in doing.shapes.items()}
        field = form.get("field", "")
        try:
            run = await write(asked, lambda session: self._do(asked, session, doing, ids, typed, field))
        except (Invalid, Forbidden) as problem:
            return self._form(asked, doing, ids, typed, Errors(problem), field, problem.status)
        if isinstance(run, UUID):
            return RedirectResponse(f"{plan.path}/bulk-run/{run}", 303)
        return self._report(asked, str(doing.label), len(ids), [one.told() for one in run])

    async def progress(self, asked: Asked) -> Response:
        """How far a run is, and in the end its report."""
        asked.params()
        plan, id = self.plan, asked.uuid("run")

        def load(session: Session) -> tuple[bulk_actions.BulkRun, Progress]:
            x = context(asked, session, plan)
            found = bulk_actions.report(x, plan.kind, id)
            far = work_progress(x, id, done=len(found.results), of=len(found.ids))
            session.expunge(found)
            return found, far

        run, far = await write(asked, load)
        name = run.action.partition(":")[2]
        label = plan.transition_label(name) if name in plan.transitions else str(_EDIT)
        return self._report(asked, label, len(run.ids), run.results, None if run.finished_at else far)

    # ---- parts ----

    def _doing(self, asked: Asked) -> Doing:
        name = asked.path_params["action"]
        found = next((one for one in doings(self.plan, asked) if one.action == name), None)
        if found is not None:
            return found
        step = self.plan.transitions.get(name.partition(":")[2])
        if step is None or any(_of_one(s) for s in self.plan.asked(step.name).values()):
            raise NotFound()
        told = asked.gate.explain(step.permission, asked.site)
        raise Forbidden(told.mend, extra={"explanation": told, "back": self.plan.path})

    def _zone(self, asked: Asked) -> Any:
        return speaker_of(asked, self.plan).zone(asked.site)

    def _do(
        self, asked: Asked, session: Session, doing: Doing, ids: list[UUID], typed: Mapping[str, str], field: str
    ) -> UUID | list[bulk_actions.Outcome]:
        plan, shapes = self.plan, doing.shapes
        if doing.action == EDIT:
            if field not in shapes:
                raise Invalid(errors=(FieldError("field", _("is required")),))
            shapes = {field: shapes[field]}
        body, wrong = widgets.parse(shapes.values(), typed, self._zone(asked))
        if doing.action == EDIT and field not in body and not wrong:
            wrong.append(FieldError(field, _("is required")))
        resolve_numbers(asked, session, plan, shapes, body, wrong)
        if wrong:
            raise Invalid(errors=tuple(wrong))
        return do(asked, session, plan, ids, doing.action, body)

    def _form(
        self,
        asked: Asked,
        doing: Doing,
        ids: Sequence[UUID],
        values: Mapping[str, str],
        errors: Errors | None = None,
        field: str = "",
        status: int = 200,
    ) -> Response:
        plan, errors = self.plan, errors or Errors()
        speaker = speaker_of(asked, plan)
        sites = asked.gate.scope(plan.resource.permission("read"))
        places = sorted(sites.free.union(*(some for _name, some in sites.related)))
        asking = widgets.Asking(speaker, self._zone(asked), places, relations=plan.resource.relations)
        inputs = [
            asking.input(
                s, value=values.get(n, ""), error=errors.take(n), required=None if doing.action != EDIT else False
            )
            for n, s in doing.shapes.items()
        ]
        if doing.action == EDIT:
            inputs.insert(0, _which(doing.shapes, field, errors))
        label = str(doing.label).rstrip("…")
        back = listquery.href(plan.path, asked.query.multi_items())
        made = FormPage(
            label,
            listquery.href(f"{plan.path}/bulk/{doing.action}", asked.query.multi_items()),
            label,
            [Section("", inputs, help=str(_ONE_BY_ONE))],
            crumbs=[Crumb(str(plan.label), back), Crumb(label)],
            subtitle=str(plural(_CHOSEN[1], _CHOSEN[0], len(ids))),
            hidden=[("ids", ",".join(str(id) for id in ids)), ("go", "1")],
            cancel=back,
            danger=doing.danger,
        )
        return page(asked, "form.html", forms.said(made, errors, self.plan), status)

    def _report(
        self, asked: Asked, label: str, total: int, results: Sequence[Mapping[str, Any]], far: Progress | None = None
    ) -> Response:
        plan = self.plan
        failed = [one for one in results if one["status"] != 200]
        lines = [
            Line(
                one.get("number") or str(_("Not found")),
                _why(one),
                f"{plan.path}/{one['id']}" if one.get("number") else None,
                "warn",
                Value("tag", one["title"], "bad"),
            )
            for one in failed
        ]
        back = [(k, v) for k, v in asked.query.multi_items() if k != "after"]
        return page(
            asked,
            "bulk.html",
            BulkReport(
                label.rstrip("…"),
                [Crumb(str(plan.label), listquery.href(plan.path, back)), Crumb(label.rstrip("…"))],
                total,
                len(results) - len(failed),
                lines,
                far is None,
                Action(str(_("Back to the list")), listquery.href(plan.path, back), main=True),
                far,
            ),
        )


def _which(shapes: Mapping[str, Shape], field: str, errors: Errors) -> Input:
    options = [Option(n, str(s.label), n == field) for n, s in shapes.items()]
    help = str(_("Only this field is changed; what stands in the others below does not count."))
    return Input(
        "field", str(_WORST), "choice", field, options=options, required=True, error=errors.take("field"), help=help
    )


def _why(one: Mapping[str, Any]) -> str:
    said = [one.get("detail", ""), *(e["message"] for e in one.get("errors", ()))]
    return " ".join(text for text in said if text)


def do(
    asked: Asked, session: Session, plan: Plan, ids: Sequence[UUID], action: str, body: Mapping[str, Any]
) -> UUID | list[bulk_actions.Outcome]:
    """Do it now, or (many) have it done: then the run's id.

    :raises Invalid: what was entered is wrong for every record.
    """
    model = plan.edit if action == EDIT else plan.forms[action.partition(":")[2]]
    assert model is not None
    validate(model, body, settings_of(asked, plan))
    x = context(asked, session, plan)
    if len(ids) > AT_ONCE:
        return bulk_actions.begin(plan.resource, ids, action, body, x, asked.token_scope)
    return bulk_actions.run_all(plan.resource, ids, action, body, x)


async def chosen(asked: Asked, plan: Plan, form: Values) -> list[UUID]:
    """The records that a form names: by ``id``, by ``ids`` (the form that came between) or ``all`` that match.

    :raises BadRequest: none. :raises Invalid: too many, or something that is no id.
    """
    if form.get("all"):
        return await matching(asked, plan)
    texts = [*form.getlist("id"), *(t for t in form.get("ids", "").split(",") if t)]
    if not texts:
        raise BadRequest(_NONE, extra={"back": plan.path})
    return ids_of(texts)


def ids_of(texts: Sequence[Any]) -> list[UUID]:
    """Ids in the order in which they came, each once. :raises Invalid: too many, or something that is none."""
    if len(texts) > MOST:
        raise Invalid(_TOO_MANY.format(most=MOST), errors=(FieldError("ids", _TOO_MANY.format(most=MOST)),))
    found: dict[UUID, None] = {}
    for place, text in enumerate(texts):
        try:
            found[UUID(text)] = None
        except (ValueError, AttributeError, TypeError):
            raise Invalid(errors=(FieldError(f"ids.{place}", _("is not a possible value")),)) from None
    return list(found)


async def matching(asked: Asked, plan: Plan) -> list[UUID]:
    """All that the list of this address holds. :raises Invalid: more than the cap."""
    desk = await looking.desk_of(asked, plan)
    look = looking.resolve(asked, plan, desk, rows=listquery.PAGE_ROWS)
    query = listquery.bare(look.query, MOST)
    found = reads.listing(plan.resource, asked.gate, query, settings_of(asked, plan) if query.filters else None)
    rows = await read(asked, found.query, **found.given)
    if len(rows) > MOST:
        raise Invalid(_TOO_MANY.format(most=MOST))
    return [row["id"] for row in rows]
