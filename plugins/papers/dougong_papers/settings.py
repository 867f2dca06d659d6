"""What a company says of its paper: the head, the number of the form, what is printed by default, the watermark.

All defaults are this project's own. Management systems (ISO 9001, 7.5) want forms to be told apart by a number: the
default is made of the letters of the record's numbers.
"""

from __future__ import annotations

import string
from typing import Annotated

from dougong import Form, asked, translator
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from .choices import Stream

_ = translator("dougong_papers")

PARTS = ("kind", "letters", "year")


def _pattern(text: str) -> str:
    """:raises PydanticCustomError: it names something else than ``PARTS``, or its braces do not match."""
    try:
        found = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:  # braces that do not match
        found = [(None, None, None)]
    if any(name not in PARTS or how or conversion for name, how, conversion in found):
        words = _("Write letters, digits and {names}.").format(names=", ".join(f"{{{name}}}" for name in PARTS))
        raise PydanticCustomError("dougong", "{words}", {"words": str(words)})
    return text


Short = Annotated[str, Field(max_length=100)]
Pattern = Annotated[str, Field(max_length=60), AfterValidator(_pattern)]
Headings = Annotated[tuple[str, ...], Field(max_length=50)]


class Settings(Form):
    """Settings of the module."""

    name: Short = asked(_("Name in the head"), default="", help=_("Empty: the company's name."))
    address: Short = asked(_("Address"), default="")
    phone: Short = asked(_("Phone"), default="")
    logo: bool = asked(_("Print the logo"), default=True)
    form_number: Pattern = asked(
        _("Number of the form"),
        default="BD-{letters}-01",
        help=_("{letters}: letters of the record's numbers; {kind}: module and kind; {year}. Empty: none."),
    )
    watermark: Annotated[str, Field(max_length=30)] = asked(
        _("Watermark"), default="", help=_("Pale and across each page, for instance 内部资料. Empty: none.")
    )
    timeline: Stream = asked(_("Timeline"), default=Stream.STEPS)
    photos: Annotated[int, Field(ge=0, le=60)] = asked(_("Photos on a form, at most"), default=12)
    dues: bool = asked(_("Print due times"), default=True)
    links: bool = asked(_("Print linked records"), default=True)
    signatures: bool = asked(_("Print boxes for signatures"), default=True)
    code: bool = asked(_("Print a QR code that opens the record"), default=True)
    left_out: Headings = asked(
        _("Headings that are left out"), default=(), help=_("As they stand on the record's page, one a line.")
    )
    at_once: Annotated[int, Field(ge=1, le=100)] = asked(
        _("Forms up to this number are made at once"),
        default=20,
        help=_("More are made in the background; the file then lies with the print."),
    )
