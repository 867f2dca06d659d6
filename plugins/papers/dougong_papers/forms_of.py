"""Records as filled-in forms: what of a record's page goes on paper, in words, with exact times.

What this person may see was decided by ``record_page``: nothing is read around it, but for the small pictures of files
that it names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from dougong import Context, File, NotFound, Resource, record_page, translator
from dougong.views import DetailPage, Due, Entry, Fact, Value

from . import head
from .choices import Stream
from .press import press
from .settings import Settings
from .words import lines

_ = translator("dougong_papers")

_WIDE = 30  # characters from which a value takes the whole width
_MORE = _("{n} more pictures are kept with the record.")
_SAID = _("{label}: {value}")
_TALK = frozenset({"comments", "files"})
_WORDS = {
    "photos": _("Photos"), "files": _("Files"), "links": _("Linked"), "timeline": _("Timeline"), "dues": _("Due times"),
    "when": _("Time"), "what": _("What happened, by whom"), "said": _("What was said"), "date": _("Date:"),
}  # fmt: skip

Pictures = dict[str, bytes]


def gather(
    x: Context[Any], resource: Resource[Any], ids: Sequence[UUID], *, base: str, language: str,
    stream: Stream | None = None, tell: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Any], Pictures]:  # fmt: skip
    """What the form ``record`` prints of these records; those that may not be seen are left out.

    :param base: scheme and host of the addresses in QR codes. :param stream: how much of the timeline; None: as set.
    :param tell: told how many records of how many are gathered.
    :raises NotFound: none of them may be seen.
    """
    pictures: Pictures = {}
    made = []
    for n, id in enumerate(ids):
        if tell is not None:
            tell(n, len(ids))
        try:
            page = record_page(x, resource, id)
        except NotFound:
            continue
        made.append(form_of(x, resource, id, page, pictures, base, stream))
    if not made:
        raise NotFound()
    title = f"{made[0]['form']} {made[0]['record']}" if len(made) == 1 else str(resource.label)
    data = head.common(x, title, pictures, language)
    return {**data, "records": made, "words": words()}, pictures


def words() -> dict[str, str]:
    """The headings of a form, in the language of the moment."""
    return {name: str(text) for name, text in _WORDS.items()}


def pdf(data: dict[str, Any], pictures: Pictures) -> bytes:
    """:raises Unset, TooMany, Conflict: see ``press``."""
    return press("record", data, pictures)


def form_of(
    x: Context[Any], resource: Resource[Any], id: UUID, page: DetailPage, pictures: Pictures, base: str,
    stream: Stream | None,
) -> dict[str, Any]:  # fmt: skip
    """One record as the form ``record`` prints it. :param page: as ``record_page`` gives it; pictures are added."""
    own = head.settings_of(x)
    tiles = page.files.tiles if page.files else []
    shots = [file for file in x.files(x.get(resource.record, id)) if file.thumb] if tiles else []
    apart = {str(file.id) for file in shots}
    photos, more = _photos(x, shots, own.photos, pictures)
    code = f"code{len(pictures)}.svg" if own.code else None
    if code:
        pictures[code] = head.qr(f"{base}{resource.path}/{id}")
    number = head.form_number(x, resource, page.number)
    return {
        "form": str(resource.form_title or resource.record.label),
        "record": page.number,
        "left": str(_("Form {number}").format(number=number)) if number else page.place,
        "number": str(_("Record {number}").format(number=page.number)),
        "code": code,
        "title": page.title,
        "state": page.state.text if page.state else "",
        "badges": [badge.text for badge in page.badges],
        "subtitle": page.subtitle,
        "sections": _sections(page, own),
        "dues": [_due(due) for due in page.dues] if own.dues else [],
        "photos": photos,
        "more_photos": more,
        "files": [{"name": t.name, "small": t.small} for t in tiles if t.href.rpartition("/")[2] not in apart],
        "links": [_link(line) for line in page.links] if own.links else [],
        "timeline": _timeline(page.timeline, stream or own.timeline),
        "signatures": page.signatures if own.signatures else [],
    }


def _sections(page: DetailPage, own: Settings) -> list[dict[str, Any]]:
    shown = [section for section in page.sections if section.title not in own.left_out]
    return [{"title": one.title, "facts": _facts(one.facts)} for one in shown]


def _facts(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Two facts a row; one that is long has its own. What stands alone in its row takes all of it."""
    made: list[dict[str, Any]] = []
    alone: dict[str, Any] | None = None
    for fact in facts:
        text = exact(fact.value)
        wide = fact.value.kind == "prose" or len(text) > _WIDE or "\n" in text
        one = {"label": fact.label, "lines": lines(text), "wide": wide}
        made.append(one)
        if wide and alone is not None:
            alone["wide"] = True
        alone = None if wide or alone is not None else one
    if alone is not None:
        alone["wide"] = True
    return made


def exact(value: Value) -> str:
    """A value in words that stay true on paper: the time itself, not how long ago it was."""
    return value.title if value.kind == "datetime" and value.title else value.text


def _due(due: Due) -> dict[str, str]:
    """A due time: when it is; whether it was met, where that is decided."""
    decided = due.value.tone in ("done", "late", "over")
    return {"label": due.label, "text": due.value.title or due.value.text, "note": due.value.text if decided else ""}


def _link(line: Any) -> dict[str, str]:
    return {"number": line.text, "title": line.small, "state": line.end.text if line.end else ""}


def _timeline(entries: Sequence[Entry], stream: Stream) -> list[dict[str, Any]]:
    """The oldest first, as a file is read."""
    if stream is Stream.NONE:
        return []
    shown = [one for one in reversed(entries) if stream is Stream.ALL or one.group not in _TALK]
    return [
        {
            "at": f"{dt.datetime.fromisoformat(one.at_iso):%Y-%m-%d %H:%M}",
            "title": one.title,
            "by": one.by,
            "lines": [*_said(one)],
        }
        for one in shown
    ]


def _said(entry: Entry) -> list[str]:
    found = lines(entry.text) if entry.text else []
    for fact in entry.facts:
        first, *rest = lines(exact(fact.value))
        found += [str(_SAID.format(label=fact.label, value=first)), *rest]
    return found + [file.name for file in entry.files]


def _photos(
    x: Context[Any], shots: Sequence[File], most: int, pictures: Pictures
) -> tuple[list[dict[str, str]], str]:
    """The small pictures of attachments, and in words how many are left out."""
    made = []
    for file in shots[:most]:
        content = small(x, file)
        if content is not None:
            name = f"photo{len(pictures)}.jpg"
            pictures[name] = content
            made.append({"file": name, "name": file.name})
    left = len(shots) - len(made)
    return made, str(_MORE.format(n=left)) if left > 0 else ""


def small(x: Context[Any], file: File) -> bytes | None:
    """The small picture, where its bytes are still there."""
    if x.store is None or not file.thumb:
        return None
    try:
        return b"".join(x.store.get(file.thumb))
    except LookupError:
        return None


__all__ = ["exact", "form_of", "gather", "pdf", "small", "words"]
