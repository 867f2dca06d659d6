"""JSON of records as a person may see them: encoding, the row version as ETag, what is taken out or masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from starlette.responses import Response

from ..records.masks import masked
from . import rights
from .plans import Plan

if TYPE_CHECKING:
    from ..access.gate import Gate


def _plain(value: Any) -> Any:
    """What msgspec does not know itself: choices are stored texts."""
    return rights.stored(value)


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_encode = _encoder.encode


def answer(body: Any, status: int = 200, *, version: int | None = None, location: str | None = None) -> Response:
    """JSON, with the row version as ETag."""
    response = Response(_encode(body), status, media_type="application/json")
    headers = response.raw_headers
    headers.append((b"cache-control", b"no-store"))
    if version is not None:
        headers.append((b"etag", b'"%d"' % version))
    if location is not None:
        headers.append((b"location", location.encode("latin-1")))
    return response


def guard(plan: Plan, gate: Gate, out: dict[str, Any], site: UUID, relations: frozenset[str]) -> dict[str, Any]:
    """Take out, or mask, what this person may not read."""
    for shape in plan.guarded:
        if shape.name not in out:
            continue
        how = rights.seen(shape, gate, site, relations)
        if how == rights.ABSENT:
            del out[shape.name]
        elif how == rights.MASKED and out[shape.name] is not None:
            out[shape.name] = masked(str(out[shape.name]), shape.meta.mask or "all")
    for name in plan.raw:
        if isinstance(out.get(name), str):
            out[name] = msgspec.Raw(out[name].encode())
    return out


__all__ = ["answer", "guard"]
