"""Carrying out what was ordered for a request: at once where it is little, else by a job; and the account of it.

The order lies with the request until it is done, so that a job that runs twice does it once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dougong import (
    Context,
    Hit,
    Job,
    JobContext,
    Kept,
    PersonalStore,
    Problem,
    Record,
    ended,
    erase_record,
    log_many,
    speaking,
    translator,
)

from .choices import State
from .events import DONE
from .finding import Picked, found_for, key_of, picked
from .flow import FORGET, erased, handed
from .handing import hand_over, record_of
from .records import Account, Request
from .resources import requests
from .settings import Settings
from .terms import back

_ = translator("dougong_privacy")
X = Context[Settings]
CARRY_OUT = "privacy.carry_out"
AT_ONCE = 50
Row = list[str]  # what, fate, why


def order(x: X, r: Request, what: str, parts: Picked, *, words: bool, files: bool) -> bool:
    """Hand over (``export``) or erase (``erase``). :returns: whether it is done already."""
    keys = [key_of(one) for one in parts.parts]
    by = str(x.actor) if x.actor else None
    locale = x.person.locale if x.person else None
    r.order = {"what": what, "picks": keys, "words": words, "files": files, "by": by, "locale": locale}
    if len(keys) <= AT_ONCE and not (files and what == "export"):
        carry_out(x, r, parts)
        return True
    x.enqueue(CARRY_OUT, key=f"{CARRY_OUT}:{r.id}", request=r.id)
    return False


def job(running: JobContext, request: UUID) -> None:
    """The background job; without an order there is nothing to do."""
    x: X = running.context
    r = x.session.get(Request, (x.tenant, request), with_for_update=True)
    if r is None or not r.order:
        return
    with speaking(r.order.get("locale") or x.settings_of("core").locale):
        found = found_for(x, r)
        try:
            parts = picked(found, r.order["picks"])
        except Problem:  # somebody else erased all of it meanwhile
            parts = Picked((), ())
        by = UUID(r.order["by"]) if r.order["by"] else None
        running.progress(0, len(parts.parts))
        carry_out(x.as_person(by) if by in x.snapshot.people else x, r, parts, running.progress)
        x.tell(DONE, r, [by] if by else None)


def carry_out(x: X, r: Request, parts: Picked, tell: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Do what is ordered, write the account of it, and take the order away. :param tell: told how far it is."""
    said, r.order = dict(r.order), {}
    if said["what"] == "export":
        name = hand_over(x, r, parts, files=said["files"], tell=tell)
        rows = [[_called(x, one), str(_("handed over")), ""] for one in parts.parts]
        _account(
            x,
            r,
            str(_("Handed over: {n} records and other finds, in “{name}”.").format(n=parts.number, name=name)),
            rows,
            handed.name,
        )
        return
    done: list[Row] = []
    left: list[Row] = []
    for hit in parts.hits:
        why = _erase(x, r, hit, words=said["words"], files=said["files"])
        tell(len(done) + len(left) + 1, len(parts.parts))
        (left if why else done).append([_called(x, hit), str(_("left") if why else _("erased")), why])
    for store, kept in parts.kept:
        refused = store.erase(x, kept)
        (left if refused else done).append(
            [_called(x, (store, kept)), str(_("left") if refused else _("erased")), str(refused or "")]
        )
    text = str(_("Erased: {n}. Not erased: {m}.").format(n=len(done), m=len(left)))
    text += "".join(f"\n{row[0]}: {row[2]}" for row in left[:20])
    _account(x, r, text, [*left, *done], erased.name)


def _account(x: X, r: Request, text: str, rows: list[Row], action: str = "") -> None:
    x.add(r, Account(text=text, rows=rows))
    x.session.flush()
    if action:
        log_many(requests, [r.id], x, action, n=len(rows))


def _called(x: X, part: Hit | tuple[PersonalStore, Kept]) -> str:
    if isinstance(part, Hit):
        return f"{x.registry.resources[part.kind].record.label} {part.number}"
    return f"{part[0].label}: {part[1].label}"


def _erase(x: X, r: Request, hit: Hit, *, words: bool, files: bool) -> str:
    """Erase one record. :returns: why not, empty where it is done."""
    record = record_of(x, hit)
    why = why_not(x, record)
    if why:
        return why
    try:
        with x.session.begin_nested():
            erase_record(x, record, reason=str(_("request {number}").format(number=r.number)), words=words, files=files)
    except Problem as problem:
        return str(problem.detail)
    return ""


def why_not(x: X, record: Record) -> str:
    """What stands against erasing a record before it is tried: it is under way, or the law demands it; empty: nothing."""
    if not x.settings.open_cases and not ended(x, record):
        return str(_("The case is still under way."))
    term = x.registry.resources[record.kind].retention
    if term is not None and term.duty:
        since: Any = getattr(record, term.since)
        cut = back(x.now, term.years * 12)
        if since is None or since > (cut if hasattr(since, "hour") else cut.date()):
            return str(_("It must be kept for {n} years: {basis}").format(n=term.years, basis=term.basis))
    return ""


def forget(running: JobContext, request: UUID) -> None:
    """After closing: the request itself forgets who asked, with its words and files."""
    x: X = running.context
    r = x.session.get(Request, (x.tenant, request))
    if r is None or r.status is not State.CLOSED:
        return
    with speaking(x.settings_of("core").locale):
        try:
            erase_record(x, r, reason=str(_("request {number}").format(number=r.number)), words=True, files=True)
        except Problem as problem:  # a hold stands on it
            _account(x, r, str(problem.detail), [])


JOBS = (
    Job(CARRY_OUT, job, queue="long", timeout=1800.0, retries=2, label=_("Carry out a request")),
    Job(FORGET, forget, label=_("Forget who asked")),
)

__all__ = ["AT_ONCE", "CARRY_OUT", "JOBS", "carry_out", "order", "why_not"]
