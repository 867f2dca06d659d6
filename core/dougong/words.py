"""Words: messages that are translated when they are shown, not when they are written.

Owns the catalogues and the current locale. English stands in the code as the message id; each
distribution ships its Chinese in ``<package>/locale/zh.po``, read once at start. Owns no wording itself.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

from babel.messages.pofile import read_po

LOCALES = ("zh", "en")
DEFAULT_LOCALE = "zh"

locale: contextvars.ContextVar[str] = contextvars.ContextVar("locale", default=DEFAULT_LOCALE)

_catalogues: dict[tuple[str, str], dict[str, str]] = {}


def load_catalogue(package: str) -> None:
    """Read ``locale/<locale>.po`` of an importable package; a package without one stays in English."""
    for name in LOCALES:
        if name == "en" or (package, name) in _catalogues:
            continue
        path = resources.files(package).joinpath("locale", f"{name}.po")
        if not path.is_file():
            continue
        with path.open("rb") as file:
            found = read_po(file, locale=name)
        _catalogues[package, name] = {
            str(message.id): str(message.string)
            for message in found
            if message.id and message.string and not message.fuzzy
        }


def translate(msgid: str, package: str, in_locale: str | None = None) -> str:
    """The message in the given (or current) locale; the message id itself where no translation is known."""
    return _catalogues.get((package, in_locale or locale.get()), {}).get(msgid, msgid)


class Lazy:
    """A message of one package, translated by ``str()``; ``format`` keeps values until then."""

    __slots__ = ("msgid", "package", "values")

    def __init__(self, msgid: str, package: str = "dougong", values: dict[str, Any] | None = None) -> None:
        self.msgid, self.package, self.values = msgid, package, values or {}

    def format(self, **values: Any) -> Lazy:
        """The same message with values for its ``{names}``; values may be lazy themselves."""
        return Lazy(self.msgid, self.package, {**self.values, **values})

    def __str__(self) -> str:
        text = translate(self.msgid, self.package)
        return text.format(**{k: str(v) for k, v in self.values.items()}) if self.values else text

    def __repr__(self) -> str:
        return f"_({self.msgid!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lazy):
            return NotImplemented
        return (self.msgid, self.package, self.values) == (other.msgid, other.package, other.values)

    def __hash__(self) -> int:
        return hash((self.msgid, self.package))


def translator(package: str) -> Callable[[str], Lazy]:
    """``_ = translator("my_package")``: marks messages for extraction and binds them to a catalogue."""

    def mark(msgid: str) -> Lazy:
        return Lazy(msgid, package)

    return mark


@contextlib.contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Within the block texts come out in this language: for letters to somebody else than who asks.

    :param language: ``zh`` or ``en``; anything else leaves the present one.
    """
    if language not in LOCALES:
        yield
        return
    before = locale.set(language)
    try:
        yield
    finally:
        locale.reset(before)


def plural(one: Lazy, many: Lazy, n: int) -> Lazy:
    """The message for a count, with ``{n}`` filled in; Chinese has one form and translates ``many``."""
    return (one if n == 1 else many).format(n=n)
