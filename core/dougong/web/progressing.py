"""How far work in the background is, in words for the page of what it is about: one way for imports, exports, prints, bulk work.

Owns the words only. Who may see it is decided by the page, how far it is by the job, how it looks by the theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..words import translator
from .display import moment
from .views import Progress

if TYPE_CHECKING:
    from ..records.context import Context

_ = translator("dougong")


def work_progress(x: Context[Any], about: UUID, *, done: int = 0, of: int = 0) -> Progress:
    """How far the background work about something is, ready for a page that this person may see.

    :param about: the id that the job was enqueued with first. :param done: what is committed already, where the work commits
        in parts; :param of: of so much, as far as that is known before the job has said it.
    """
    found = x.progress_of(about)
    if found is None:
        text = _counted(done, of) if done else str(_("It waits for its turn."))
        return Progress(done, max(of, 1), text)
    reached, total = max(done, found.done), max(of, found.total)
    text = _counted(reached, total) if reached else str(_("It has begun."))
    if found.state == "again":
        when = moment(found.due_at, x.snapshot.sites.zone(None), x.now).text if found.due_at else str(_("in a moment"))
        words = _("It did not work out. It is tried again by itself: {when}.").format(when=when)
        return Progress(done, total, str(words), tone="warn")
    if found.state == "failed":
        words = _("It has stopped and is not tried again by itself. An administrator sees why under “Background work”.")
        return Progress(done, total, str(words), tone="bad", live=False)
    return Progress(reached, total, text, found.note)


def _counted(done: int, of: int) -> str:
    if not of:
        return str(_("{done} so far").format(done=f"{done:,}"))
    return str(_("{done} of {total}").format(done=f"{done:,}", total=f"{of:,}"))


__all__ = ["work_progress"]
