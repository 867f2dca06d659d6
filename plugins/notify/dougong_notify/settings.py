"""What a company sets of its messages: how it signs them, its address for links, the hours that hold for everybody.

The defaults are this project's own; no law sets them. The robots have pages of their own, because their addresses are
secrets and settings are shown and exported.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from .hours import Unreadable, clock_times, quiet_span

_ = translator("dougong_notify")


def _refused(words: Lazy) -> PydanticCustomError:
    return PydanticCustomError("dougong", "{words}", {"words": str(words)})


def _quiet(text: str) -> str:
    try:
        quiet_span(text)
    except Unreadable as error:
        raise _refused(error.words) from None
    return text.strip()


def _times(text: str) -> str:
    try:
        clock_times(text)
    except Unreadable as error:
        raise _refused(error.words) from None
    return text.strip()


def _address(text: str) -> str:
    bare = text.strip().rstrip("/")
    if bare and (not bare.startswith(("https://", "http://")) or any(c.isspace() for c in bare) or "@" in bare):
        raise _refused(_("Write https:// and the host name, for instance https://anhe.example.com"))
    return bare


Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60, pattern=r"^[^\r\n]*$")]


class Settings(Form):
    """Settings of the module."""

    sender: Words = asked(_("Sender's name in e-mails"), default="", help=_("Empty: the company's name."))
    reply_to: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")
    ] = asked(_("Answers to e-mails go to"), default="", help=_("An e-mail address; empty: to nobody."))
    address: Annotated[str, Field(max_length=200), AfterValidator(_address)] = asked(
        _("Address of these pages"),
        default="",
        help=_("For links in messages: https://anhe.example.com. Empty: https and the company's host name."),
    )
    quiet: Annotated[str, Field(max_length=20), AfterValidator(_quiet)] = asked(
        _("Quiet hours"),
        default="22:00-07:00",
        help=_("What is not urgent waits until they end. Empty: none. People may choose their own."),
    )
    digest_at: Annotated[str, Field(max_length=60), AfterValidator(_times)] = asked(
        _("Summaries go out at"), default="08:00", help=_("Times of day, for instance 08:00, 17:30.")
    )
    keep_days: Annotated[int, Field(ge=7, le=3650)] = asked(_("Messages are kept for"), default=180, unit=_("days"))
