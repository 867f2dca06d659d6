"""Numbers of documents by the company's pattern, and the sequence of revisions: A/0, A/1 … B/0.

The functions above the line know no database; ``take`` gives a document its number, one at a time for each series.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from dougong import Context, FieldError, Invalid, translator

from .choices import Reach
from .records import Document
from .settings import DocumentSettings

_ = translator("dougong_quality")
_REVISION = re.compile(r"([A-Z]{1,3})/(\d{1,3})")
_TAIL = re.compile(r"(?:[^-]*-)?(.+)")


def edition(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    value = 0
    for one in letters:
        value = value * 26 + ord(one) - ord("A") + 1
    return value


def letters(value: int) -> str:
    """The inverse of ``edition``."""
    out = ""
    while value:
        value, rest = divmod(value - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


def order(revision: str) -> tuple[int, int]:
    """By what revisions are ordered. :raises ValueError: it is none."""
    found = _REVISION.fullmatch(revision)
    if found is None:
        raise ValueError(revision)
    return edition(found[1]), int(found[2])


def following(last: str | None, *, new_edition: bool = False, most: int = 9) -> str:
    """The revision after ``last``: the next change of the same edition, or the next edition.

    :param new_edition: 换版: the next letter. :param most: changes of one edition; after them the next edition begins.
    """
    if last is None:
        return "A/0"
    of, change = order(last)
    return f"{letters(of + 1)}/0" if new_edition or change >= most else f"{letters(of)}/{change + 1}"


def short(number: str) -> str:
    """What a record form's number says of the document above it: ``AH/QEO-CX-01`` → ``CX01``."""
    tail = number.rpartition("/")[2]
    found = _TAIL.fullmatch(tail)
    return re.sub(r"[^0-9A-Za-z]", "", found[1] if found else tail)


def render(pattern: str, parts: Mapping[str, str], n: int) -> str:
    """A number by a pattern; ``{n}``, ``{nn}``, ``{nnn}`` are the running number with as many digits at least."""
    width = {f"{'n' * digits}": f"{n:0{digits}d}" for digits in (1, 2, 3)}
    return string.Formatter().vformat(pattern, (), {**parts, **width})


def first_free(pattern: str, parts: Mapping[str, str], taken: Iterable[str]) -> str:
    """The first number of a series after the highest that is taken; of a pattern without running number, told apart by ``-2``."""
    known = set(taken)
    if not re.search(r"\{n{1,3}\}", pattern):
        plain = render(pattern, parts, 1)
        tries = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(known) + 2))
        return next(one for one in tries if one not in known)
    highest = max((_running(pattern, parts, one) for one in known), default=0)
    return render(pattern, parts, highest + 1)


def _running(pattern: str, parts: Mapping[str, str], number: str) -> int:
    shape = "".join(
        re.escape(text) + ("" if name is None else r"(\d+)" if set(name) == {"n"} else re.escape(parts[name]))
        for text, name, _how, _conversion in string.Formatter().parse(pattern)
    )
    found = re.fullmatch(shape, number)
    return int(found[1]) if found else 0


# ---- with the database ----


def take(d: Document, above: Document | None, x: Context[DocumentSettings]) -> str:
    """The number of a new document: the company's own, or the next of its series.

    :raises Invalid: its own is taken, or the pattern needs a department that was not given.
    """
    x.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"quality.document:{x.tenant}", 0))))
    taken = set(x.session.scalars(sa.select(Document.number).where(Document.tenant_id == x.tenant)))
    if d.own_number:
        if d.own_number in taken:
            raise Invalid(errors=(FieldError("own_number", _("is the number of another document")),))
        return d.own_number
    pattern = x.settings.pattern_of(d.level)
    if "{department}" in pattern and d.department is None:
        raise Invalid(errors=(FieldError("department", _("is part of the number of documents of this level")),))
    return first_free(pattern, _parts(d, above, x), taken)


def _parts(d: Document, above: Document | None, x: Context[DocumentSettings]) -> dict[str, str]:
    company = x.settings.document_company or x.snapshot.sites.node(x.snapshot.sites.root).slug[:2].upper()
    if d.reach is Reach.PROJECT:
        company = f"{company}-{x.snapshot.sites.node(d.site_id).slug.upper()}"
    return {
        "company": company, "system": d.system, "department": d.department or "TY", "year": f"{x.now:%Y}",
        "above": short(above.number) if above else "TY",
    }  # fmt: skip


__all__ = ["edition", "first_free", "following", "letters", "order", "render", "short", "take"]
