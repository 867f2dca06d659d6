"""The nonconformity with its entries, the measures against it, and the checks of sister sites.

Measures and checks are records of their own, since each has its person, its time and its list of what is mine. Rules stand
in ``flow``.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from dougong import Child, ClockMemory, Day, Line, Prose, Record, clock_memory, field, recorded, ref, translator
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Answer, Effect, Factor, Kind, MeasureKind, MeasureState, Severity, Source, State, Verdict
from .structure import Bones, Whys

_ = translator("dougong_quality")

NC = "quality.nonconformity"


class Nonconformity(
    Record,
    kind=NC,
    label=_("Nonconformity"),
    number="BFH",
    scope="site",
    indexes=[("site_id", "status"), ("responsible_id", "status"), ("category", "created_at")],
    sorts=("updated_at", "rectify_by", "effect_by"),
):
    """:ivar round: which attempt at cause and measures; a failed effectiveness check begins the next.
    :ivar effect_from: before it nothing can be called effective.
    """

    status: Mapped[State] = recorded(_("Status"), default=State.OPENED, listed=True, filtered=True)
    nature: Mapped[Kind] = field(
        _("Found or potential"), filtered=True, start=Kind.FOUND, help=_("A potential one needs no containment.")
    )
    source: Mapped[Source] = field(_("Source"), filtered=True, start=Source.PATROL)
    severity: Mapped[Severity] = field(_("Severity"), listed=True, filtered=True, start=Severity.MINOR)
    category: Mapped[Line] = field(_("Category"), vocabulary="nc_categories", listed=True, filtered=True)
    item: Mapped[Line | None] = field(
        _("Item"),
        searched=True,
        default=None,
        help=_("The point of a checklist, as it is called there: hydrant pressure."),
    )
    statement: Mapped[Prose] = field(
        _("What does not conform"),
        listed=True,
        searched=True,
        help=_("Fact, place, time and evidence. Name no residents."),
    )
    clause: Mapped[Line | None] = field(_("Clause"), vocabulary="nc_clauses", filtered=True, default=None)
    requirement: Mapped[Prose | None] = field(
        _("What is required"), default=None, help=_("The words of the clause, document or law that it does not meet.")
    )
    document: Mapped[Line | None] = field(
        _("Document"), searched=True, default=None, help=_("Number of the company's document: AH/QEO-CX-07.")
    )
    location: Mapped[Line | None] = field(_("Place"), searched=True, default=None)
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("In the register of places"), widget="location", default=None
    )
    found_by: Mapped[Line | None] = field(
        _("Found by"), default=None, help=_("Post or body, as in 消防救援大队; empty: whoever opened it.")
    )
    responsible_id: Mapped[UUID | None] = field(
        _("Responsible"),
        widget="person",
        may="quality.nonconformity.analyse",
        holds=True,
        listed=True,
        filtered=True,
        default=None,
        help=_("Empty: the site's manager."),
    )
    due: Mapped[Day | None] = field(
        _("To be corrected by"), default=None, filtered=True, help=_("Empty: as the company has set for its severity.")
    )
    cause: Mapped[Factor | None] = recorded(_("Cause lies in"), filtered=True)
    root: Mapped[Prose | None] = recorded(_("Root cause"), searched=True)
    again_of_id: Mapped[UUID | None] = ref("self", _("Recurrence of"), create=False, edit=False, default=None)
    again: Mapped[bool] = recorded(_("Recurrence"), default=False, filtered=True)
    round: Mapped[int] = recorded(_("Round"), default=1)
    ineffective: Mapped[int] = recorded(_("Found not effective"), default=0)
    extended: Mapped[int] = recorded(_("Extended"), default=0)
    wanted: Mapped[Day | None] = recorded(_("Extension asked for until"))
    rolled: Mapped[int] = recorded(_("Sister sites asked"), default=0)
    answered: Mapped[int] = recorded(_("Sister sites that answered"), default=0)
    effect_from: Mapped[dt.datetime | None] = recorded(_("Effect counts from"))

    issued_at: Mapped[dt.datetime | None] = recorded(_("Issued at"))
    contain_by: Mapped[dt.datetime | None] = recorded(_("Containment due"))
    contained_at: Mapped[dt.datetime | None] = recorded(_("Contained at"))
    contain_late: Mapped[bool] = recorded(_("Containment was late"), default=False)
    cause_by: Mapped[dt.datetime | None] = recorded(_("Cause due"))
    cause_late: Mapped[bool] = recorded(_("Cause was late"), default=False)
    rectify_by: Mapped[dt.datetime | None] = recorded(_("Correction due"), listed=True)
    rectified_at: Mapped[dt.datetime | None] = recorded(_("Corrected at"))
    rectify_late: Mapped[bool] = recorded(_("Correction was late"), default=False, filtered=True)
    verify_by: Mapped[dt.datetime | None] = recorded(_("Verification due"))
    verified_at: Mapped[dt.datetime | None] = recorded(_("Verified at"))
    verify_late: Mapped[bool] = recorded(_("Verification was late"), default=False)
    effect_by: Mapped[dt.datetime | None] = recorded(_("Effectiveness check due"))
    effect_late: Mapped[bool] = recorded(_("Effectiveness check was late"), default=False)
    extend_by: Mapped[dt.datetime | None] = recorded(_("Decision on the extension due"))
    extend_late: Mapped[bool] = recorded(_("Decision on the extension was late"), default=False)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Containment(Child, kind="quality.containment", of=Nonconformity, label=_("Containment")):
    """What was done at once, so that no more harm comes of it."""

    text: Mapped[Prose] = field(_("What was done at once"))
    leftover: Mapped[Prose | None] = field(
        _("What is still at risk"), default=None, help=_("And how it is guarded until the measures hold.")
    )


class Analysis(Child, kind="quality.analysis", of=Nonconformity, label=_("Cause analysis")):
    """One analysis; the last one of a round counts, none is overwritten. ``words`` says it in lines."""

    words: Mapped[Prose | None] = field(_("In words"), create=False, default=None)
    whys: Mapped[Whys] = field(_("Five whys"), default=list)
    bones: Mapped[Bones] = field(_("Fishbone"), default=list)
    factor: Mapped[Factor] = field(_("Cause lies in"))
    conclusion: Mapped[Prose | None] = field(_("Conclusion"), default=None)
    round: Mapped[int] = mapped_column(default=1)


class Verification(Child, kind="quality.verification", of=Nonconformity, label=_("Verification")):
    """What somebody who did not do it saw of the measures."""

    verdict: Mapped[Verdict] = field(_("Result"))
    text: Mapped[Prose] = field(_("What was checked, and what was seen"))
    round: Mapped[int] = mapped_column(default=1)


class Evaluation(Child, kind="quality.evaluation", of=Nonconformity, label=_("Effectiveness check")):
    """Whether it held. ``since``: similar ones since the verification, as whoever judged could see them."""

    effect: Mapped[Effect] = field(_("Effect"))
    text: Mapped[Prose] = field(_("What shows it"), help=_("Figures, spot checks, complaints since."))
    since: Mapped[int] = field(_("Similar ones since"), create=False, default=0)
    round: Mapped[int] = mapped_column(default=1)


class Measure(
    Record,
    kind="quality.measure",
    label=_("Measure"),
    number="CS",
    scope="site",
    indexes=[("nc_id",), ("responsible_id", "status")],
    sorts=("updated_at", "due_by"),
):
    """Against a nonconformity or, without one, an improvement of its own (a review, a self-check)."""

    status: Mapped[MeasureState] = recorded(_("Status"), default=MeasureState.OPEN, listed=True, filtered=True)
    type: Mapped[MeasureKind] = field(_("Kind of measure"), listed=True, filtered=True, start=MeasureKind.CORRECTIVE)
    text: Mapped[Prose] = field(_("What is to be done"), listed=True, searched=True)
    responsible_id: Mapped[UUID] = field(
        _("Responsible"), widget="person", may="quality.measure.finish", listed=True, filtered=True, holds=True
    )
    due: Mapped[Day] = field(_("Until"), filtered=True)
    nc_id: Mapped[UUID | None] = ref(Nonconformity, _("Nonconformity"), create=False, edit=False, default=None)
    round: Mapped[int] = recorded(_("Round"), default=1)
    result: Mapped[Prose | None] = recorded(_("What was done"))
    done_by: Mapped[UUID | None] = recorded(_("Done by"), widget="person")
    due_by: Mapped[dt.datetime | None] = recorded(_("Due"), listed=True)
    done_at: Mapped[dt.datetime | None] = recorded(_("Done at"))
    late: Mapped[bool] = recorded(_("Was late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Rollout(
    Record,
    kind="quality.rollout",
    label=_("Roll-out check"),
    number="JYF",
    scope="site",
    indexes=[("nc_id",), ("site_id", "status"), ("responsible_id", "status")],
    sorts=("updated_at", "due_by"),
):
    """A sister site looks whether the same could happen there: what it must know stands in the check itself."""

    status: Mapped[Answer] = recorded(_("Status"), default=Answer.OPEN, listed=True, filtered=True)
    text: Mapped[Prose] = field(_("What to look for"), listed=True, searched=True)
    due: Mapped[Day] = field(_("Answer until"), filtered=True)
    nc_id: Mapped[UUID | None] = ref(Nonconformity, _("Nonconformity"), create=False, edit=False, default=None)
    origin: Mapped[Line | None] = recorded(_("Happened at"))
    responsible_id: Mapped[UUID | None] = field(
        _("Answered by"),
        widget="person",
        may="quality.rollout.done",
        holds=True,
        listed=True,
        filtered=True,
        default=None,
        help=_("Empty: the site's manager."),
    )
    result: Mapped[Prose | None] = recorded(_("Answer"))
    due_by: Mapped[dt.datetime | None] = recorded(_("Due"), listed=True)
    done_at: Mapped[dt.datetime | None] = recorded(_("Answered at"))
    late: Mapped[bool] = recorded(_("Was late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()
