"""Choices: stored text that code reads, with a label for people.

Only where code branches on the value; what a company edits is a vocabulary in its settings.
"""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from .words import Lazy

CHOICES: list[type[Choice]] = []


class Choice(enum.Enum):
    """Members are written ``NAME = "stored", _("Label")``; more values after the label go to ``extra``."""

    _value_: str
    label: Lazy
    extra: tuple[Any, ...]

    def __new__(cls, value: str, label: Lazy, *extra: Any) -> Choice:
        member = object.__new__(cls)
        member._value_, member.label, member.extra = value, label, extra
        return member

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        CHOICES.append(cls)

    def __str__(self) -> str:
        return str(self.label)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {
            "type": "string",
            "title": cls.__name__,
            "oneOf": [{"const": m.value, "title": str(m.label)} for m in cls],
        }


class ChoiceType(TypeDecorator[Any]):
    """Text in the database; an unknown stored value is handed on as text instead of raising."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, choice: type[Choice]) -> None:
        super().__init__()
        self.choice = choice

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return value.value if isinstance(value, Choice) else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        try:
            return None if value is None else self.choice(value)  # type: ignore[call-arg]
        except ValueError:
            return value

    def __repr__(self) -> str:  # what a migration writes
        return "sa.Text()"
