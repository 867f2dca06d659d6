"""Tokens, follow-up codes and digests: what is random, what is kept of it, and how a code is written for people."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from io import BytesIO
from uuid import UUID

import segno
from dougong import Asked

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread over the phone
LENGTH = 16  # 31 ** 16: 79 bits, not to be guessed, nor to be found from its digest
_GROUP = 4
_TOKEN_BYTES = 12


def new_token() -> str:
    """The secret part of the address that a code on the wall opens."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_code() -> str:
    """A follow-up code, without its gaps."""
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def grouped(code: str) -> str:
    """A code as people read and write it: ``7KMP-2XQ9-…``."""
    return "-".join(code[n : n + _GROUP] for n in range(0, len(code), _GROUP))


def tidy(typed: str) -> str | None:
    """A code as it was typed, without gaps and in capitals; None where it cannot be one."""
    found = "".join(one for one in typed.upper() if one.isalnum())
    return found if len(found) == LENGTH and all(one in ALPHABET for one in found) else None


def digest_of(code: str, tenant: UUID) -> str:
    """What is kept of a code. Of the company too, so that equal digests of two companies say nothing."""
    return hashlib.sha256(f"{tenant}:{code}".encode()).hexdigest()


def keyed(asked: Asked, purpose: str, *parts: object) -> str:
    """A digest that only this installation can make: of addresses and texts, which are too few to be hidden by a hash."""
    said = "\0".join([purpose, str(asked.snapshot.tenant), *map(str, parts)])
    return hmac.new(asked.app.config.secret, said.encode(), hashlib.sha256).hexdigest()[:32]


def address_of(asked: Asked, path: str) -> str:
    """The whole address of a path at the host by which this request came."""
    host = asked.headers.get(b"host", b"").decode("latin-1")
    return f"{asked.scope['scheme']}://{host}{path}"


def qr(text: str) -> str:
    """A QR code as an SVG element, black on white whatever the page looks like; the style sheet gives its size."""
    out = BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(
        out, kind="svg", border=2, omitsize=True, light="#fff", xmldecl=False, svgns=True, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()
