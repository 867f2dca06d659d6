"""Labels: a QR code that opens a record, with its number, title and site, on sheets that are sold everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dougong import Context, NotFound, Resource, translator, walk

from . import head
from .choices import SHEETS
from .press import press

_ = translator("dougong_papers")

_TITLE = 40  # characters


def gather(
    x: Context[Any], resource: Resource[Any], ids: Sequence[UUID], *, base: str, language: str, sheet: str
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the form ``labels`` prints of these records, in their order.

    :param base: scheme and host of the addresses. :param sheet: one of ``SHEETS``.
    :raises NotFound: none of them may be seen.
    """
    pictures: dict[str, bytes] = {}
    title, labels = str(resource.title), {}
    for rows in walk(x, resource, ("number", title), [("tab", "all")] if resource.tabs else (), ids=ids):
        for row in rows:
            name = f"code{len(pictures)}.svg"
            pictures[name] = head.qr(f"{base}{resource.path}/{row['id']}")
            node = x.snapshot.sites.get(row["site_id"]) if row["site_id"] else None
            said = " ".join(str(row[title] or "").split())
            labels[row["id"]] = {
                "code": name,
                "number": row["number"],
                "title": "" if title == "number" else said if len(said) <= _TITLE else said[: _TITLE - 1] + "…",
                "site": node.name if node else "",
            }
    if not labels:
        raise NotFound()
    chosen = SHEETS[sheet]
    form = {"columns": chosen.columns, "rows": chosen.rows, "width": chosen.width, "height": chosen.height}
    data = head.common(x, str(_("QR labels")), {}, language)
    ordered = [labels[id] for id in dict.fromkeys(ids) if id in labels]
    return {**data, "sheet": form, "labels": ordered}, pictures


def pdf(data: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """:raises Unset, TooMany, Conflict: see ``press``."""
    return press("labels", data, pictures)


__all__ = ["gather", "pdf"]
