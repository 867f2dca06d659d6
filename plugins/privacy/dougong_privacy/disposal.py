"""The nightly disposal: records whose term is over are erased or deleted, and each is noted.

Bounded: so many records in one transaction, and on with the rest in the next.
"""

from __future__ import annotations

from dougong import (
    Conflict,
    Context,
    Job,
    JobContext,
    Occurrence,
    Problem,
    Record,
    Rule,
    Schedule,
    delete_record,
    erase_record,
    speaking,
    translator,
)

from .choices import Ending, Fate
from .records import Disposal
from .settings import Settings
from .terms import Holding, holdings, over

_ = translator("dougong_privacy")
X = Context[Settings]
MORE = "privacy.dispose_more"
BATCH = 200


def dispose(x: X, _run: Occurrence | None = None) -> None:
    """What is done every night, where the company has switched it on."""
    done = batch(x, BATCH) if x.settings.dispose else 0
    if done >= BATCH:
        x.enqueue(MORE, key=MORE)


def more(running: JobContext) -> None:
    """The job: on with what one transaction could not hold."""
    dispose(running.context)


def batch(x: X, most: int) -> int:
    """Dispose of at most so many records. :returns: how many were looked at."""
    done = 0
    with speaking(x.settings_of("core").locale):
        for one in holdings(x):
            if one.ending is Ending.KEEP:
                continue
            for record in x.session.scalars(
                over(x, one, x.now).limit(most - done).with_for_update(skip_locked=True)
            ).all():
                _one(x, one, record)
                done += 1
            if done >= most:
                break
    return done


def _one(x: X, one: Holding, record: Record) -> None:
    """One record, in a savepoint of its own; what refuses is noted with its reason and left."""
    kind, id, number, site = record.kind, record.id, record.number, record.site_id
    reason = str(_("term: {term}").format(term=one.words))
    fate, why = Fate.ERASED, None
    try:
        with x.session.begin_nested():
            if one.ending is Ending.DELETE:
                fate, why = _whole(x, record, reason)
            else:
                erase_record(x, record, reason=reason, words=True, files=True)
    except Problem as problem:
        x.session.expire_all()
        fate, why = Fate.LEFT, str(problem.detail)
    x.create(
        Disposal, site, target=kind, what=str(one.resource.record.label)[:200], of=number, target_id=id,
        term=one.words[:200], fate=fate, why=why,
    )  # fmt: skip


def _whole(x: X, record: Record, reason: str) -> tuple[Fate, str | None]:
    """Delete; where another record refers to it, its personal values go at least."""
    kind, id = type(record), record.id
    try:
        with x.session.begin_nested():
            delete_record(x, record, reason=reason)
        return Fate.DELETED, None
    except Conflict as problem:
        x.session.expire_all()
        left = x.session.get_one(kind, (x.tenant, id))
        erase_record(x, left, reason=reason, words=True, files=True)
        return Fate.ERASED, str(problem.detail)


LABEL = _("Dispose of records whose term is over")
JOB = Job(MORE, more, queue="long", timeout=900.0, label=LABEL)
SCHEDULE = Schedule(
    "privacy.dispose",
    LABEL,
    dispose,
    Rule.daily("02:00"),
    spread=60,
    grace=360,
    queue="long",
    timeout=900.0,
    help=_("As the settings say. What is disposed of stands in the log of disposals."),
)

__all__ = ["BATCH", "JOB", "SCHEDULE", "batch", "dispose"]
