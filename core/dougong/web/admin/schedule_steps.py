"""What people may do with a schedule: run it now, leave the next run out, pause, resume, reset; each is asked again first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import Response

from ...errors import BadRequest, NotFound
from ...records.context import Context
from ...timing import occurrences, schedule_desk
from ...timing.schedules import EDIT, READ, RUN
from ...timing.tables import ScheduleRow
from ...words import Lazy, translator
from ..display import stamp
from ..signin import redirect
from ..views import Action, FormDialog, FormPage, Refusal, Section
from .common import REFUSED, address, crumbs, form_page, in_context, need, zone_of
from .schedule_words import PATH, RUNS, TITLE, name_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_TRAIL = (TITLE, PATH)
_AHEAD = 10  # runs among which the next one that is not left out is looked for

# What: permission, button, what it means, the word on the button that does it, its icon.
STEPS: dict[str, tuple[str, Lazy, Lazy, Lazy, str]] = {
    "run": (RUN, _("Run now"), _("“{name}” runs at once, once, beside its plan."), _("Run"), "right"),
    "skip": (RUN, _("Skip the next run"), _("The run of {when} is left out; after it all goes on as planned."),
             _("Skip"), "right"),
    "pause": (EDIT, _("Pause"), _("“{name}” does not run until somebody resumes it. What falls into the pause is not made up."),
              _("Pause"), "pause"),
    "resume": (EDIT, _("Resume"), _("“{name}” runs again, from its next time on."), _("Resume"), "undo"),
    "reset": (EDIT, _("As delivered"), _("“{name}” gets the times and rules of its module again; your changes are dropped."),
              _("Reset"), "undo"),
}  # fmt: skip


def _possible(row: ScheduleRow, fixed: frozenset[str], upcoming: dt.datetime | None) -> list[str]:
    """What makes sense now, whoever asks."""
    found = ["run"]
    if row.active and upcoming is not None:
        found.append("skip")
    if "active" not in fixed:
        found.append("pause" if row.active else "resume")
    return [*found, "reset"] if row.changed else found


def doable(
    asked: Asked, row: ScheduleRow, name: str, fixed: frozenset[str], upcoming: dt.datetime | None
) -> tuple[list[Action], list[Action], list[Refusal], list[FormDialog]]:
    """Buttons, menu, what is refused to this person and why, and the dialogs that ask again."""
    place_of = row.site_id or asked.snapshot.sites.root
    actions: list[Action] = []
    refusals: list[Refusal] = []
    dialogs: list[FormDialog] = []
    more: list[Action] = []
    refused: set[str] = set()
    for what in _possible(row, fixed, upcoming):
        permission, label, _text, _yes, icon = STEPS[what]
        if not asked.gate.may(permission, place_of):
            refused.add(permission)
            continue
        dialogs.append(FormDialog(f"do-{what}", confirming(asked, row, name, what, upcoming)))
        made = Action(str(label), f"{PATH}/{row.id}/{what}", icon, dialog=f"do-{what}")
        (actions if what == "run" else more).append(made)
    if asked.gate.may(EDIT, place_of):
        actions.insert(0, Action(str(_("Edit")), f"{PATH}/{row.id}/edit", "edit", main=True))
    for permission in sorted(refused):
        told = asked.gate.explain(permission, place_of)
        refusals.append(Refusal(str(asked.snapshot.label(permission)), str(told.mend or _("You may not do this here.")),
                                address("/explain", {"action": permission})))  # fmt: skip
    more.append(Action(str(_("All its runs")), address(RUNS, {"schedule": row.id}), "history"))
    return actions, more, refusals, dialogs


def following(x: Context[Any], row: ScheduleRow) -> dt.datetime | None:
    """The next run that is not left out."""
    return next((one.at for one in schedule_desk.ahead(x, row, _AHEAD) if one.skipped is None), None)


def confirming(asked: Asked, row: ScheduleRow, name: str, what: str, upcoming: dt.datetime | None) -> FormPage:
    """The question before a step, for a dialog and for a page of its own."""
    _permission, label, text, yes, _icon = STEPS[what]
    at = stamp(upcoming, zone_of(asked, row.site_id)) if upcoming else ""
    return FormPage(
        str(label),
        f"{PATH}/{row.id}/{what}",
        str(yes),
        [Section("", [], help=str(text.format(name=name, when=at)))],
        crumbs=crumbs(_TRAIL, (name, f"{PATH}/{row.id}"), (label, None)),
        hidden=[("sure", "1"), ("next", upcoming.isoformat() if upcoming else "")],
        cancel=f"{PATH}/{row.id}",
    )


async def ask(asked: Asked) -> Response:
    """``GET /admin/schedules/<id>/<what>``: the question, without a script."""
    need(asked, READ)
    asked.params()
    return form_page(asked, await _question(asked))


async def _question(asked: Asked) -> FormPage:
    what = asked.path_params["what"]
    if what not in STEPS:
        raise NotFound

    def read(x: Context[Any]) -> FormPage:
        row = schedule_desk.one(x, asked.uuid())
        schedule_desk.desk_of(x).need(STEPS[what][0], row.site_id)
        return confirming(asked, row, name_of(schedule_desk.declared(x)[row.name], row), what, following(x, row))

    made: FormPage = await in_context(asked, read)
    return made


async def take(asked: Asked) -> Response:
    """``POST /admin/schedules/<id>/<what>``: run, skip, pause, resume, reset; without ``sure`` it asks first."""
    need(asked, READ)
    asked.params()
    id, form = asked.uuid(), await asked.form()
    question = await _question(asked)
    if not form.get("sure"):
        return form_page(asked, question)
    try:
        said = await in_context(asked, lambda x: do(x, id, asked.path_params["what"], form.get("next", "")))
    except REFUSED as problem:
        return form_page(asked, question, problem)
    asked.flash(said)
    return redirect(f"{PATH}/{id}")


def do(x: Context[Any], id: UUID, what: str, expected: str = "") -> Lazy:
    """Take a step. :param expected: the run that a person saw as the next one, in ISO; empty: whichever it is.

    :returns: what was done, for people. :raises NotFound, Forbidden, Conflict: it cannot be.
    """
    row = schedule_desk.one(x, id, lock=True)
    if what in ("pause", "resume"):
        schedule_desk.change(x, id, {"active": what == "resume"}, version=None)
        return _("It is paused now.") if what == "pause" else _("It runs again.")
    if what == "reset":
        schedule_desk.reset(x, id)
        return _("It is as delivered again.")
    schedule_desk.desk_of(x).need(RUN, row.site_id)
    if what == "run":
        occurrences.run_now(x, row)
        schedule_desk.note(x, row, "run", {})
        return _("It runs now; a moment later this page says how it went.")
    try:
        seen = dt.datetime.fromisoformat(expected) if expected else None
    except ValueError:
        raise BadRequest(_("It is not said which run is to be left out. Look at it again.")) from None
    left_out = occurrences.skip_next(x, row, seen)
    schedule_desk.note(x, row, "skip", {"run": (None, left_out)})
    return _("The next run is left out.")
