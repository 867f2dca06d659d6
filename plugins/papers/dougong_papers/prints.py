"""Printing several records: what may be printed, at once or in the background, where the file then lies."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from dougong import Conflict, Context, JobContext, NotFound, Problem, Resource, TooMany, Upload, speaking, translator

from . import forms_of, labels, pack
from .choices import PrintState, What
from .records import Print, failed, flow, ready

_ = translator("dougong_papers")

MAKE = "papers.make"
_SETTING = _("The pages are being set.")
MOST = 500  # records of one print
LARGEST = 500 * 1024 * 1024  # bytes of a finished print


@dataclass(frozen=True)
class Order:
    """What is wanted. ``base``: scheme and host of addresses in codes. ``sheet``: of labels."""

    what: What
    ids: Sequence[UUID]
    base: str
    sheet: str
    language: str
    pack: pack.Wanted | None = None


@flow.creating
def of_something(p: Print, x: Context[Any]) -> None:
    if not p.target:
        raise Conflict(_("Prints are made at a list: tick records there and choose “Print”."))


def printable(x: Context[Any], kind: str) -> Resource[Any]:
    """The resource of a kind. :raises NotFound: there is none, its module is off, or this person sees none of it."""
    found = x.registry.resources.get(kind)
    if found is None or found.module not in x.snapshot.modules or not x.gate.scope(found.permission("read")):
        raise NotFound()
    return found


def gather(
    x: Context[Any], resource: Resource[Any], order: Order, tell: Callable[[int, int], None] | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The words and pictures, as this context's person may see them now. :param tell: told how far it is."""
    with speaking(order.language):
        if order.what is What.LABELS:
            return labels.gather(
                x, resource, order.ids, base=order.base, language=order.language, sheet=order.sheet
            )
        return forms_of.gather(x, resource, order.ids, base=order.base, language=order.language, tell=tell)


def pdf(order: Order, data: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """:raises Unset, TooMany, Conflict: see ``press``."""
    return labels.pdf(data, pictures) if order.what is What.LABELS else forms_of.pdf(data, pictures)


def put_off(
    x: Context[Any], resource: Resource[Any], order: Order, *, what: str = "", site: UUID | None = None
) -> Print:
    """Have it made in the background.

    :param what: what it is called; empty: as its records. :param site: where it shall lie, if it may.

    :raises Conflict: this person has no place where the print could lie for them.
    """
    allowed = x.gate.scope(f"{Print.kind}.read").free
    if site not in allowed:
        site = next((node.id for node in x.snapshot.sites.ordered() if node.id in allowed), None)
    if site is None:
        raise Conflict(_("These are too many for one print. Choose fewer."))
    made = x.create(
        Print,
        site,
        target=resource.kind,
        what=(what or str(resource.label))[:200],
        printed_as=order.what,
        count=len(order.ids),
        asked={
            "ids": [str(id) for id in order.ids],
            "base": order.base,
            "sheet": order.sheet,
            "pack": order.pack.kept() if order.pack else None,
            "only": None if x.gate.only is None else list(x.gate.only),
        },
        language=order.language,
    )
    x.enqueue(MAKE, print=made.id)
    return made


def job(running: JobContext, print: UUID) -> None:
    """The background job: the PDF is made with the rights of who asked for it, and attached."""
    x: Context[Any] = running.context
    found = x.get(Print, print)
    if found.status is not PrintState.WAITING:
        return
    asked = found.asked
    wanted = pack.Wanted.of(asked["pack"]) if asked.get("pack") else None
    ids = [UUID(one) for one in asked["ids"]]
    order = Order(found.printed_as, ids, asked["base"], asked["sheet"], found.language, wanted)
    running.progress(0, len(order.ids))
    with speaking(found.language), tempfile.TemporaryDirectory() as folder:
        path, ending = Path(folder) / "print", "pdf"
        try:
            with x.session.begin_nested():
                theirs = x.as_person(found.created_by, only=asked["only"])
                if order.pack is not None:
                    ending = _pack(theirs, order, printable(theirs, found.target), path, running)
                else:
                    gathered = gather(theirs, printable(theirs, found.target), order, running.progress)
                    running.progress(len(order.ids), len(order.ids), str(_SETTING))
                    path.write_bytes(pdf(order, *gathered))
                x.attach(found, Upload.of(path, f"{found.what} {found.number}.{ending}"), most=LARGEST)
        except TooMany:  # tried again
            raise
        except Problem as problem:
            found.trouble = (str(problem.detail) or str(type(problem).title))[:200]
            x.take(found, failed.name)
            return
    x.take(found, ready.name)


def _pack(x: Context[Any], order: Order, resource: Resource[Any], path: Path, running: JobContext) -> str:
    """Make an evidence pack. :returns: the ending of its file's name."""
    assert order.pack is not None
    made = pack.gather(
        x, resource, order.ids[0], order.pack, base=order.base, language=order.language, tell=running.progress
    )
    n = len(made.data["records"])
    running.progress(n, n, str(_SETTING))
    content = pack.pdf(made)
    if not order.pack.files:
        path.write_bytes(content)
        return "pdf"
    running.progress(n, n, str(_("The files are being put together.")))
    pack.write_zip(x, made, content, path, LARGEST)
    return "zip"


__all__ = ["MAKE", "MOST", "Order", "gather", "job", "pdf", "printable", "put_off"]
