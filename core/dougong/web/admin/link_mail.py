"""Sending an invitation or a link to a new password by e-mail, where a module offers that channel.

The link's secret is known only while it is made, so the letter goes out with that request, and the page says at once
whether it left. The link is shown all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import orm

from ...records.events import EMAIL, Channel, Letter, NotSent
from ...tenancy.stored import new_id
from ...words import Lazy, speaking, translator
from ..requests import write

if TYPE_CHECKING:
    from ...access.people import Person
    from ...records.context import Context
    from ..requests import Asked

_ = translator("dougong")

FIELD = "send"
_SUBJECT = {"invite": _("Your invitation to {company}"), "reset": _("A new password for {company}")}
_TEXT = {
    "invite": _(
        "{name}, an account was made for you at {company}; your user name is {username}. "
        "Set your password by this link. It holds until {until} and works once."
    ),
    "reset": _(
        "{name}, set a new password for your account {username} at {company} by this link. "
        "It holds until {until} and works once. If you did not ask for it, tell your administrator."
    ),
}


def channel(x: Context[Any]) -> Channel | None:
    """The e-mail of this company, if a module offers it and it is set up."""
    return next((c for _module, c in x.contributed(Channel) if c.name == EMAIL and c.ready(x)), None)


async def offered(asked: Asked) -> bool:
    """Whether letters can be sent at all."""
    return await write(asked, lambda session: channel(asked.context(session)) is not None)


async def address(asked: Asked, person: UUID) -> str | None:
    """Where a letter to this person would go; None: nowhere."""

    def work(session: orm.Session) -> str | None:
        x = asked.context(session)
        found = channel(x)
        return found.address(person, x) if found else None

    return await write(asked, work)


async def send(asked: Asked, person: Person, link: str, purpose: str, until: str) -> Lazy | str | None:
    """Send the link to its person. :returns: None where it left, else why not."""

    def work(session: orm.Session) -> Lazy | str | None:
        x = asked.context(session)
        found = channel(x)
        to = found.address(person.id, x) if found else None
        if found is None or to is None:
            return _("There is no e-mail address to send it to.")
        company = asked.snapshot.name
        given = {"name": person.name, "username": person.username, "company": company, "until": until}
        spoken = person.locale or str(x.settings_of("core").locale)
        with speaking(spoken):
            title, text = str(_SUBJECT[purpose].format(company=company)), str(_TEXT[purpose].format(**given))
            letter = Letter(str(new_id()), to, title, text, person.name, link, spoken, company, urgent=True)
            try:
                found.send(letter, x)
            except NotSent as error:
                return error.words
        return None

    return await write(asked, work)


def hinted(to: str) -> str:
    """An address as far as one needs to recognise it."""
    local, _at, domain = to.partition("@")
    return f"{local[:1]}***@{domain}"


__all__ = ["FIELD", "address", "hinted", "offered", "send"]
