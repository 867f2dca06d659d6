"""What comes with a request, taken apart: query, body, JSON, forms. Every malformed part is refused in words.

Knows bytes and text only: which parameters and fields an address takes is its own affair.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from ..errors import BadRequest, FieldError, Invalid, Problem
from ..words import LOCALES, Lazy, translator

if TYPE_CHECKING:
    from starlette.types import Receive

_ = translator("dougong")

Values = ImmutableMultiDict[str, str]

BODY_LIMIT = 1024 * 1024  # bytes of JSON or of a form without files
FIELDS_LIMIT = 2000
PARAMETERS_LIMIT = 200
URLENCODED, MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"


class TooLarge(Problem):
    status: ClassVar[int] = 413
    title: ClassVar[Lazy] = _("That is too much at once")


class WrongType(Problem):
    status: ClassVar[int] = 415
    title: ClassVar[Lazy] = _("This kind of content is not understood here")


def query_of(raw: bytes) -> Values:
    """The parameters of a query string. :raises BadRequest: not ASCII, not UTF-8 inside, NUL, too many."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS_LIMIT)
    except ValueError:
        raise BadRequest(_("The address holds characters that cannot be read.")) from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise BadRequest(_("The address holds characters that cannot be read."))
    return Values(pairs)


async def body_of(receive: Receive, announced: bytes, limit: int) -> bytes:
    """The whole body. :raises TooLarge: more than ``limit`` bytes, announced or sent."""
    if announced.isdigit() and int(announced[:18]) > limit:
        raise TooLarge(_("At most {n} kB can be sent here.").format(n=limit // 1024))
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest(_("The connection ended before everything was sent."))
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > limit:
            raise TooLarge(_("At most {n} kB can be sent here.").format(n=limit // 1024))
    return b"".join(parts)


def json_of(body: bytes, content_type: bytes) -> Any:
    """The body as JSON. :raises WrongType: not announced as JSON. :raises BadRequest: broken; says where."""
    if content_type != b"application/json" and not content_type.endswith(b"+json"):
        raise WrongType(_("Send JSON with the content type application/json."))
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        place = str(error).rpartition("byte ")[2].rstrip(")")
        if place.isdigit():
            raise BadRequest(_("The JSON is broken at byte {n}.").format(n=place)) from None
        raise BadRequest(_("The JSON is broken or ends too early.")) from None
    except (RecursionError, ValueError):
        raise BadRequest(_("The JSON is nested too deeply or holds characters that cannot be read.")) from None


async def fields_of(body: bytes, content_type: bytes, headers: list[tuple[bytes, bytes]]) -> Values:
    """The text fields of a form.

    :raises WrongType: no form. :raises BadRequest: broken, or with a file. :raises Invalid: a field holds NUL.
    """
    if content_type == URLENCODED:
        try:
            found = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
        except ValueError:
            raise BadRequest(_("The form holds characters that cannot be read, or too many fields.")) from None
    elif content_type == MULTIPART:
        found = await _parts(body, headers)
    elif body:
        raise WrongType(_("Send a form."))
    else:
        found = []
    return checked(found)


def checked(pairs: list[tuple[str, str]]) -> Values:
    """The fields of a form. :raises Invalid: one holds NUL."""
    for name, value in pairs:
        if "\0" in value or "\0" in name:
            path = name.replace("\0", "")[:60]
            raise Invalid(errors=(FieldError(path, _("Contains a character that cannot be stored.")),))
    return Values(pairs)


async def _parts(body: bytes, headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "headers": headers}, replay)
    try:
        async with request.form(max_files=20, max_fields=FIELDS_LIMIT) as data:
            items = data.multi_items()
            if any(isinstance(value, UploadFile) and value.size for _name, value in items):
                raise BadRequest(_("Files cannot be attached here."))
            found = [(name, value) for name, value in items if isinstance(value, str)]
        for pair in found:  # a charset of the sender's choice can make text that is none, as halves of characters
            "".join(pair).encode()
    except (MultiPartException, ValueError, LookupError):  # the latter two: a charset that is none, or does not fit
        raise BadRequest(_("The form is broken.")) from None
    return found


@lru_cache(1024)
def accepted(header: bytes) -> str | None:
    """The first of our languages in an ``Accept-Language`` header, by its weights."""
    weighed: list[tuple[float, str]] = []
    for part in header.decode("latin-1").split(",")[:20]:
        tag, _semicolon, weight = part.strip().lower().partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.partition("-")[0]))
        except ValueError:
            continue
    return next((tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if tag in LOCALES and weight), None)
