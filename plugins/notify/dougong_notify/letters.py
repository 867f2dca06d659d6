"""E-mail: how a letter looks, and the channel that sends it by the installation's mail server."""

from __future__ import annotations

import html
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Any

from dougong import Channel, Context, Letter, NotSent, Unreachable, domain_of, mail_sender, now, send_mail, translator

from .choosing import EMAIL, email_of
from .wording import one_line

_ = translator("dougong_notify")

_SUBJECT = 120
_FOOT = _("You get this because of your choices at {company}. Change them under “My messages”.")


def compose(letter: Letter, *, sender: str, reply_to: str = "") -> EmailMessage:
    """The letter as it goes over the wire: plain text and the same in HTML, everything escaped.

    :raises NotSent: the address is none that mail can be sent to.
    """
    bare = one_line(letter.address, 320)
    local, at, domain = bare.rpartition("@")
    if bare != letter.address or not at or not local or not domain or set("<>,;:\"'()\\ ") & set(bare):
        raise NotSent(_("This is no e-mail address."), again=False)
    try:
        domain = domain.encode("ascii").decode() if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise NotSent(_("This is no e-mail address."), again=False) from None
    made = EmailMessage(policy=SMTP if local.isascii() else SMTPUTF8)
    made["From"] = Address(one_line(letter.sender, 60), addr_spec=sender)
    made["To"] = Address(one_line(letter.name, 60), username=local, domain=domain)
    made["Subject"] = one_line(letter.title, _SUBJECT)
    made["Message-ID"] = f"<{letter.key}@{domain_of(sender)}>"
    made["Date"] = now()
    made["Auto-Submitted"] = "auto-generated"
    if reply_to:
        made["Reply-To"] = one_line(reply_to, 254)
    foot = str(_FOOT.format(company=letter.sender))
    text = "\n\n".join(part for part in (letter.text, letter.link, f"-- \n{foot}") if part)
    made.set_content(text + "\n", cte="base64")
    made.add_alternative(_html(letter, foot), subtype="html", cte="base64")
    return made


def _html(letter: Letter, foot: str) -> str:
    say = html.escape
    paragraphs = "".join(
        f"<p>{say(part).replace(chr(10), '<br>')}</p>" for part in letter.text.split("\n\n") if part.strip()
    )
    link = f'<p><a href="{say(letter.link)}">{say(letter.link)}</a></p>' if letter.link else ""
    return (
        f'<!doctype html><html lang="{"zh-Hans" if letter.locale == "zh" else "en"}"><meta charset="utf-8">'
        f'<title>{say(letter.title)}</title><body><h1 style="font-size:18px">{say(letter.title)}</h1>'
        f'{paragraphs}{link}<p style="color:#666;font-size:13px">{say(foot)}</p></body></html>'
    )


def send(letter: Letter, x: Context[Any]) -> None:
    """By the installation's mail server. :raises NotSent: it did not take the letter."""
    sender = mail_sender()
    if sender is None:
        raise NotSent(_("No mail server is set up for this installation (DOUGONG_SMTP)."), again=False)
    settings = x.settings_of("notify")
    try:
        send_mail(compose(letter, sender=sender, reply_to=settings.reply_to))
    except Unreachable as error:
        raise NotSent(error.words, again=not error.refused) from None


channel = Channel(EMAIL, _("E-mail"), email_of, send, ready=lambda x: mail_sender() is not None)
