"""Secrets that are handed out once: cookies, links, tokens. Only their SHA-256 is kept: a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata


def new_secret() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a secret: 64 hex digits. Random secrets of this length need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def normal_username(username: str) -> str:
    """User names are compared without case and surrounding space; full-width letters are the narrow ones."""
    return unicodedata.normalize("NFKC", username).strip().lower()
