"""The way out for letters: the installation's mail server.

Owns the connection, its encryption and what a refusal means. What a letter says and to whom it goes is decided by
whoever sends. Without ``DOUGONG_SMTP`` there is no mail, and everything else works.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from .config import Config
from .outside import Unreachable
from .words import translator

_ = translator("dougong")

SECONDS = 15.0
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
_PERMANENT = 500  # answers from 500 on stay the same when tried again (RFC 5321, 4.2.1)


def mail_sender() -> str | None:
    """The address that this installation's letters come from; None: no mail server is set up."""
    config = Config()
    if config.smtp is None:
        return None
    return config.mail_from or f"dougong@{_server().hostname or 'localhost'}"


def send_mail(letter: EmailMessage, *, seconds: float = SECONDS) -> None:
    """Hand a letter to the mail server. Blocks: for jobs, and for threads of requests.

    :param seconds: for each step of the conversation.
    :raises Unreachable: not handed over; ``refused`` where trying again changes nothing.
    """
    server = _server()
    try:
        with _open(server, seconds) as connection:
            if server.scheme == "smtp":
                connection.starttls(context=ssl.create_default_context())
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refused(code, said) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        why = _("The mail server cannot do what this letter needs: {why}").format(why=str(error)[:200])
        raise Unreachable(why, refused=True) from None
    except (smtplib.SMTPException, OSError) as error:  # ssl.SSLError is an OSError
        raise Unreachable(_("The mail server does not answer: {why}").format(why=str(error)[:200])) from None


def _open(server: SplitResult, seconds: float) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or _PORTS[server.scheme]
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=seconds)


def _server() -> SplitResult:
    given = Config().smtp
    if given is None:
        raise Unreachable(_("No mail server is set up (DOUGONG_SMTP)."), refused=True)
    return urlsplit(given.get_secret_value())


def _refused(code: int, said: bytes | str) -> Unreachable:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    why = _("The mail server refused: {code} {why}").format(code=code, why=" ".join(text.split())[:200])
    return Unreachable(why, refused=code >= _PERMANENT)


def domain_of(address: str) -> str:
    """The domain of an address, for the ids of letters."""
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


__all__ = ["domain_of", "mail_sender", "send_mail"]
