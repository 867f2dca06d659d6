"""How nonconformities, measures and roll-out checks are shown: tabs, sections, the record's way, how long they are kept."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Board, Me, Resource, Retention, Tab, translator

from .choices import ENDED, OPEN, Answer, Kind, MeasureState, State
from .flow import flow, measure_flow, rollout_flow
from .records import Analysis, Containment, Evaluation, Measure, Nonconformity, Rollout, Verification
from .relations import mine, my_checks, my_measures
from .settings import CorrectiveSettings

_ = translator("dougong_quality")

GROUP = _("Correction and prevention")

_KEPT = _(
    "Company default: nonconformities and what was done about them are kept for three years after they were closed."
)


def is_open(me: Me) -> sa.ColumnElement[bool]:
    return Nonconformity.status.in_(OPEN)


def is_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(mine(me), is_open(me))


def is_overdue(me: Me) -> sa.ColumnElement[bool]:
    return nonconformities.clock_is("overdue", me)


def awaits_judgement(me: Me) -> sa.ColumnElement[bool]:
    return Nonconformity.status.in_((State.OPENED, State.VERIFY, State.EFFECT))


def is_potential(me: Me) -> sa.ColumnElement[bool]:
    return Nonconformity.nature == Kind.POTENTIAL


nonconformities = Resource(
    Nonconformity,
    _("Nonconformities"),
    group=GROUP,
    flow=flow,
    settings=CorrectiveSettings,
    icon="warn",
    title=Nonconformity.statement,
    create_label=_("Open a nonconformity"),
    sections=(
        (
            _("What does not conform"),
            ("nature", "source", "severity", "category", "item", "statement", "location_id", "location", "found_by"),
        ),
        (_("What is required"), ("clause", "document", "requirement")),
        (_("Who corrects it"), ("responsible_id", "due", "wanted", "issued_at")),
        (
            _("Cause and effect"),
            ("cause", "root", "again_of_id", "again", "round", "ineffective", "extended", "effect_from"),
        ),
        (_("Sister sites"), ("rolled", "answered")),
        (_("Was late"), ("contain_late", "cause_late", "rectify_late", "verify_late", "effect_late", "extend_late")),
        (_("Times"), ("contained_at", "rectified_at", "verified_at", "closed_at")),
    ),
    timeline=(Containment, Analysis, Verification, Evaluation),
    relations={"mine": mine},
    tabs=(
        Tab("open", _("Open"), is_open),
        Tab("mine", _("Mine"), is_mine),
        Tab("overdue", _("Overdue"), is_overdue),
        Tab("judge", _("To be judged"), awaits_judgement),
        Tab("potential", _("Potential"), is_potential, counted=False),
        Tab("all", _("All")),
    ),
    columns=("number", "statement", "category", "status", "site_id", "responsible_id", "rectify_by"),
    badges=("severity", "nature"),
    steps=(State.OPENED, State.CONTAIN, State.CAUSE, State.PLAN, State.ACT, State.VERIFY, State.EFFECT, State.CLOSED),
    likely={
        State.OPENED: ("issue", "repeat", "reassign"),
        State.CONTAIN: ("extend_agree", "contain", "reassign"),
        State.CAUSE: ("extend_agree", "analyse", "extend_submit", "roll_out"),
        State.PLAN: ("extend_agree", "start", "plan", "analyse", "roll_out"),
        State.ACT: ("extend_agree", "submit", "extend_submit", "plan", "roll_out"),
        State.VERIFY: ("verify", "roll_out"),
        State.EFFECT: ("judge", "roll_out"),
    },
    board=Board(
        columns=(State.OPENED, State.CONTAIN, State.CAUSE, State.PLAN, State.ACT, State.VERIFY, State.EFFECT),
        shows=("category", "site_id", "responsible_id"),
    ),
    calendar="rectify_by",
    retention=Retention("closed_at", years=3, basis=_KEPT, states=frozenset(ENDED)),
    form_title=_("Nonconformity report"),
    signatures=(_("Found by"), _("Responsible"), _("Verified by"), _("Quality officer"), _("Project manager")),
)


def open_measures(me: Me) -> sa.ColumnElement[bool]:
    return Measure.status == MeasureState.OPEN


def my_open_measures(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(my_measures(me), open_measures(me))


def late_measures(me: Me) -> sa.ColumnElement[bool]:
    return measures.clock_is("overdue", me)


measures = Resource(
    Measure,
    _("Measures"),
    group=GROUP,
    flow=measure_flow,
    settings=CorrectiveSettings,
    icon="todo",
    title=Measure.text,
    create_label=_("New improvement measure"),
    sections=(
        (_("What is to be done"), ("type", "text", "nc_id", "round")),
        (_("By whom, until when"), ("responsible_id", "due")),
        (_("What was done"), ("result", "done_by", "done_at", "late")),
    ),
    relations={"mine": my_measures},
    tabs=(
        Tab("open", _("To be done"), open_measures),
        Tab("mine", _("My measures"), my_open_measures),
        Tab("overdue", _("Overdue"), late_measures),
        Tab("all", _("All")),
    ),
    columns=("number", "text", "type", "status", "site_id", "responsible_id", "due_by"),
    badges=("type",),
    calendar="due_by",
    retention=Retention("done_at", years=3, basis=_KEPT, states=frozenset({MeasureState.DONE, MeasureState.DROPPED})),
    signatures=(_("Done by"), _("Verified by")),
)


def open_checks(me: Me) -> sa.ColumnElement[bool]:
    return Rollout.status.in_((Answer.OPEN, Answer.APPLIES))


def my_open_checks(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(my_checks(me), open_checks(me))


rollouts = Resource(
    Rollout,
    _("Roll-out checks"),
    group=GROUP,
    flow=rollout_flow,
    settings=CorrectiveSettings,
    icon="people",
    title=Rollout.text,
    create_label=_("New roll-out check"),
    sections=(
        (_("What to look for"), ("text", "origin", "nc_id")),
        (_("By whom, until when"), ("responsible_id", "due")),
        (_("Answer"), ("result", "done_at", "late")),
    ),
    relations={"mine": my_checks},
    tabs=(
        Tab("open", _("To be answered"), open_checks),
        Tab("mine", _("Mine"), my_open_checks),
        Tab("all", _("All")),
    ),
    columns=("number", "text", "origin", "status", "site_id", "responsible_id", "due_by"),
    retention=Retention("done_at", years=3, basis=_KEPT, states=frozenset({Answer.NOT_HERE, Answer.DONE})),
    signatures=(_("Answered by"), _("Quality officer")),
)

RESOURCES = (nonconformities, measures, rollouts)
