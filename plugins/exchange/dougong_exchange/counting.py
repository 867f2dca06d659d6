"""Like rows of a file counted, over all of its blocks: the lines of a voucher for one account, and rows that are the same word
for word. What like means a module says with ``Importable``."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from dougong import Context, Importable, insert_rows

from .reading_rows import Read
from .records import Seen

_LIKE, _SAME = "\x1flike:", "\x1fsame:"  # no key of a row begins so: theirs are stripped


def count(x: Context[Any], run: UUID, importable: Importable | None, rows: Sequence[Read]) -> None:
    """Say of each row which of its like it is, and tell those apart that are the same word for word.

    Rows that turn out to be bad or known are counted, too: the next file with the same rows counts the same.
    """
    if importable is None or not importable.counted:
        return
    found: list[tuple[Read, str, str]] = []
    for one in rows:
        like = importable.within(one.body)
        said = [str(one.site), *like] if like is not None else None
        same = _SAME + one.key if one.key.startswith("row:") and importable.counted not in one.own else ""
        found.append((one, _LIKE + hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:40] if said else "", same))
    tally = _tally(x, run, {key for _one, *keys in found for key in keys if key})
    for one, like_key, same_key in found:
        if same_key:
            tally[same_key] += 1
            if tally[same_key] > 1:
                one.key = f"{one.key}#{tally[same_key]}"
        if like_key:
            tally[like_key] += 1
            if importable.counted not in one.own:
                one.counted = {importable.counted: tally[like_key]}
    _keep(x, run, tally)


def _tally(x: Context[Any], run: UUID, keys: set[str]) -> defaultdict[str, int]:
    query = sa.select(Seen.key, Seen.row).where(Seen.run_id == run, Seen.key.in_(keys))
    return defaultdict(int, ((row.key, row.row) for row in x.session.execute(query)))


def _keep(x: Context[Any], run: UUID, tally: defaultdict[str, int]) -> None:
    x.session.execute(sa.delete(Seen).where(Seen.run_id == run, Seen.key.in_(list(tally))))
    rows = [{"run_id": run, "key": key, "row": number} for key, number in tally.items()]
    insert_rows(x.session, Seen.__table__, rows)


__all__ = ["count"]
