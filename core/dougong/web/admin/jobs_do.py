"""What an administrator does about background work: trying again and dropping, one job, the ticked ones or all that failed.

Each stands in the administration's history. Whose jobs they are, and what may be dropped, the database decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import orm
from starlette.responses import Response

from ...errors import BadRequest, Conflict, NotFound
from ...scheduling import watching
from ...words import plural, translator
from ..requests import write
from ..signin import redirect
from .common import address, ask_again, crumbs, desk, need_whole
from .jobs import EDIT, PATH, id_of, may_drop, number_in, one_of, what

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

MOST_IDS = 200  # ticked at once
_CANNOT = _("Only what failed can be dropped, and nothing that deadlines and schedules live on by.")


async def retry(asked: Asked) -> Response:
    """``POST /admin/jobs/<id>/retry``."""
    need_whole(asked, EDIT)
    number = id_of(asked)
    await write(asked, lambda session: try_again(asked, session, number))
    asked.flash(_("It is tried again as soon as a worker is free."))
    return redirect(f"{PATH}?state=waiting")


async def retry_chosen(asked: Asked) -> Response:
    """``POST /admin/jobs/retry``: the ticked ones. What somebody else saw to meanwhile is passed over."""
    need_whole(asked, EDIT)
    module = asked.params(("module",)).get("module") or None
    form = await asked.form()
    numbers = [] if form.get("all") else _ticked(form.getlist("id"))

    def work(session: orm.Session) -> int:
        if form.get("all"):
            return _noted(asked, session, "retry", watching.retry(session, named=module))
        return sum(1 for number in numbers if _quietly(try_again, asked, session, number))

    n = await write(asked, work)
    asked.flash(plural(_("{n} job is tried again."), _("{n} jobs are tried again."), n))
    return redirect(f"{PATH}?state=waiting" if n else PATH)


async def drop_chosen(asked: Asked) -> Response:
    """``POST /admin/jobs/drop``: asks first."""
    need_whole(asked, EDIT)
    module = asked.params(("module",)).get("module") or None
    form = await asked.form()
    numbers = [] if form.get("all") else _ticked(form.getlist("id"))
    if "sure" not in form:
        here = address(f"{PATH}/drop", [("module", module)])
        return _sure(asked, numbers, here, f"{PATH}?state=failed", every=not numbers)

    def work(session: orm.Session) -> int:
        if form.get("all"):
            return _noted(asked, session, "drop", watching.drop(session, named=module))
        return sum(1 for number in numbers if _quietly(forget, asked, session, number))

    n = await write(asked, work)
    asked.flash(plural(_("{n} job is dropped."), _("{n} jobs are dropped."), n))
    return redirect(f"{PATH}?state=failed")


async def confirm_drop(asked: Asked) -> Response:
    """``GET /admin/jobs/<id>/drop``."""
    need_whole(asked, EDIT)
    asked.params()
    number = id_of(asked)
    one = await write(asked, lambda session: one_of(session, number))
    if not may_drop(one):
        raise Conflict(_CANNOT)
    return _sure(asked, [number], f"{PATH}/{number}/drop", f"{PATH}/{number}", what(asked, one.job))


async def drop(asked: Asked) -> Response:
    """``POST /admin/jobs/<id>/drop``."""
    need_whole(asked, EDIT)
    number = id_of(asked)
    if "sure" not in await asked.form():
        return await confirm_drop(asked)
    await write(asked, lambda session: forget(asked, session, number))
    asked.flash(_("Dropped."))
    return redirect(f"{PATH}?state=failed")


def _noted(asked: Asked, session: orm.Session, action: str, n: int) -> int:
    """What was done to all at once stands in the history as one entry."""
    if n:
        told = str(plural(_("{n} job"), _("{n} jobs"), n))
        desk(asked, session).note("core.job", "job:all", action, {"name": (None, told) if action == "retry" else (told, None)})
    return n


def _sure(
    asked: Asked, numbers: Sequence[int], action: str, back: str, name: str = "", *, every: bool = False
) -> Response:
    title = _("Drop “{name}”?").format(name=name) if name else plural(_("Drop {n} job?"), _("Drop {n} jobs?"), len(numbers))
    title = _("Drop all that failed?") if every else title
    text = _("What it was to do is not done: a message is not sent, a file is not written. This cannot be undone.")
    kept = [("all", "1")] if every else [] if name else [("id", str(number)) for number in numbers]
    trail = crumbs((_("Background work"), PATH))
    return ask_again(asked, title, text, action=action, submit=_("Drop"), back=back, kept=kept, trail=trail)


def try_again(asked: Asked, session: orm.Session, number: int) -> None:
    """:raises NotFound: no such job of this company. :raises Conflict: it has not failed."""
    one = one_of(session, number)
    if not watching.retry(session, number):
        raise Conflict(_("This job has not failed and does not wait for another try."))
    desk(asked, session).note("core.job", f"job:{number}", "retry", {"name": (None, what(asked, one.job))})


def forget(asked: Asked, session: orm.Session, number: int) -> None:
    """:raises NotFound: no such job of this company. :raises Conflict: it has not failed, or must not be dropped."""
    one = one_of(session, number)
    if not watching.drop(session, number):
        raise Conflict(_CANNOT)
    desk(asked, session).note("core.job", f"job:{number}", "drop", {"name": (what(asked, one.job), None)})


def _quietly(act: Callable[[Asked, orm.Session, int], None], asked: Asked, session: orm.Session, number: int) -> bool:
    """Whether it was done; one of several that is gone or cannot be is passed over."""
    try:
        act(asked, session, number)
    except (NotFound, Conflict):
        return False
    return True


def _ticked(texts: Sequence[str]) -> list[int]:
    """:raises BadRequest: nothing is ticked, too much, or what is no number."""
    if not texts:
        raise BadRequest(_("No job is chosen. Tick some in the list first."), extra={"back": PATH})
    if len(texts) > MOST_IDS:
        raise BadRequest(_("That are more than {most} jobs. Do it in parts.").format(most=MOST_IDS))
    return list(dict.fromkeys(number_in(text) for text in texts))
