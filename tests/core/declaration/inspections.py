"""Inspections on trial: templates with revisions, tasks that pin one, items typed by data, a system's own transition."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from dougong import (
    Bulk,
    Child,
    Choice,
    Context,
    Day,
    Deadline,
    FieldError,
    Form,
    Invalid,
    Line,
    Manifest,
    Moment,
    Prose,
    Record,
    Resource,
    RoleDefault,
    Workflow,
    asked,
    field,
    guard,
    hookimpl,
    ref,
    reference,
    translator,
)
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

_ = translator(__name__)


class YesNo(BaseModel):
    type: Literal["yes_no"] = "yes_no"
    key: str
    text: str


class Reading(BaseModel):
    type: Literal["number"] = "number"
    key: str
    text: str
    low: Decimal | None = None
    high: Decimal | None = None


Item = Annotated[YesNo | Reading, Field(discriminator="type")]
ITEMS: TypeAdapter[list[Item]] = TypeAdapter(list[Item])


class TaskState(Choice):
    WAITING = "waiting", _("Waiting")
    DOING = "doing", _("Doing")
    SUBMITTED = "submitted", _("Submitted")
    MISSED = "missed", _("Missed")


class FindingState(Choice):
    OPEN = "open", _("Open")
    RECTIFYING = "rectifying", _("Rectifying")
    VERIFY = "verify", _("To verify")
    CLOSED = "closed", _("Closed")


class Settings(BaseModel):
    grace_minutes: int = 30


class Template(Record, kind="rounds.template", label=_("Template"), number="XM", scope="company"):
    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)


class Revision(Child, kind="rounds.revision", of=Template, label=_("Revision")):
    revision: Mapped[int] = field(_("Revision"))
    items: Mapped[list[Any]] = mapped_column(
        JSONB, default=list
    )  # the escape: validated by ITEMS, an editor page of its own


class Task(Record, kind="rounds.task", label=_("Task"), number="XJ", unique=[("template_id", "nominal_at")]):
    status: Mapped[TaskState] = field(
        _("Status"), default=TaskState.WAITING, create=False, edit=False, listed=True, filtered=True
    )
    template_id: Mapped[UUID] = ref(Template, _("Template"), edit=False)
    revision_id: Mapped[UUID] = ref(Revision, _("Revision of the template"), edit=False)
    nominal_at: Mapped[Moment] = field(_("Planned for"), edit=False, listed=True)
    business_date: Mapped[Day | None] = field(_("Date of the shift"), create=False, edit=False, default=None)
    missed_at: Mapped[dt.datetime | None] = field(_("Missed at"), create=False, edit=False, default=None)


class Result(Bulk, kind="rounds.result", label=_("Result")):
    task_id: Mapped[UUID] = reference(Task, primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    passed: Mapped[bool | None] = mapped_column(default=None)


class Finding(Record, kind="rounds.finding", label=_("Finding"), number="FX", sorts=("status", "text")):
    status: Mapped[FindingState] = field(_("Status"), default=FindingState.OPEN, create=False, edit=False, listed=True)
    task_id: Mapped[UUID | None] = ref(Task, _("Task"), default=None)
    text: Mapped[Prose] = field(_("Text"), listed=True, searched=True)
    rectifier_id: Mapped[UUID | None] = field(
        _("Rectified by"), widget="person", create=False, edit=False, default=None
    )


X = Context[Settings]
tasks = Workflow(Task, Task.status, Settings)
begin = tasks.step("begin", _("Begin"), TaskState.WAITING, TaskState.DOING)


class Submit(Form):
    answers: dict[str, str] = asked(_("Answers"), widget="json")


@tasks.on(_("Submit"), TaskState.DOING, TaskState.SUBMITTED, form=Submit)
def submit(task: Task, form: Submit, x: X) -> None:
    """Items are data, so the form's model is made from the pinned revision."""
    revision = x.session.get_one(Revision, (task.tenant_id, task.revision_id))
    for key, value in answers(ITEMS.validate_python(revision.items), form.answers).items():
        x.session.add(Result(task_id=task.id, key=key, value={"v": str(value)}, passed=value != "no"))


class Nothing(Form):
    pass


@tasks.on(_("Missed"), TaskState.WAITING, TaskState.MISSED, form=Nothing, automatic=True)
def miss(task: Task, form: Nothing, x: X) -> None:
    """Taken by the system when window and grace have passed."""
    task.missed_at = x.now


def answers(items: list[Item], given: dict[str, str]) -> dict[str, Any]:
    types: dict[str, Any] = {"yes_no": Literal["yes", "no", "na"], "number": Decimal}
    fields: dict[str, Any] = {item.key: (types[item.type], ...) for item in items}
    model = create_model("Answers", __base__=Form, **fields)
    try:
        return model.model_validate(given).model_dump()
    except ValidationError as error:
        wrong = tuple(FieldError(f"answers.{e['loc'][0]}", _("is not possible for this item")) for e in error.errors())
        raise Invalid(errors=wrong) from None


@guard(_("Who rectified it may not verify it."))
def another_person(finding: Finding, x: X) -> bool:
    return finding.rectifier_id != x.actor


findings = Workflow(Finding, Finding.status, Settings)
dispatch = findings.step(
    "dispatch", _("Dispatch"), FindingState.OPEN, FindingState.RECTIFYING, asks=[Finding.rectifier_id]
)
done = findings.step("done", _("Rectified"), FindingState.RECTIFYING, FindingState.VERIFY)
verify = findings.step("verify", _("Verify"), FindingState.VERIFY, FindingState.CLOSED, guards=[another_person])

manifest = Manifest(name="rounds", version="0.0.1", label=_("Inspections"))
RESOURCES = (
    Resource(Template, _("Templates"), settings=Settings, title=Template.name, timeline=(Revision,)),
    Resource(
        Task,
        _("Tasks"),
        flow=tasks,
        settings=Settings,
        deadlines=(Deadline("plan", _("Planned for"), due="nominal_at", states=frozenset({TaskState.WAITING})),),
    ),
    Resource(
        Finding,
        _("Findings"),
        flow=findings,
        settings=Settings,
        title=Finding.text,
        relations={"mine": lambda me: Finding.rectifier_id == me.id},
    ),
)
ALL = tuple(p.name for r in RESOURCES for p in r.permissions())


@hookimpl
def dougong_resources() -> tuple[Resource[Any], ...]:
    return RESOURCES


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    mine = ("rounds.finding.read", "rounds.finding.done")
    return [RoleDefault("project_manager", ALL), RoleDefault("technician", mine), RoleDefault("service_agent", ALL)]
