"""Forms: inputs, tables of inputs, sections, the form as a page and as a dialog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .details import AsideCard
    from .lists import Option
    from .shell import Crumb, Flash


@dataclass(slots=True)
class Input:
    """One field of a form. ``widget``: line | prose | choice | radios | vocabulary | number | date | datetime | bool |
    phone | person | site | location | password | email | hidden | lines | json | checks | files (``accept``)."""

    name: str
    label: str
    widget: str
    value: str = ""
    values: list[str] = field(default_factory=list)  # checks
    options: list[Option] = field(default_factory=list)
    required: bool = False
    help: str = ""
    unit: str = ""
    error: str = ""
    readonly: bool = False
    autocomplete: str = ""
    min: str = ""
    max: str = ""
    maxlength: int | None = None
    button: tuple[str, str, str] | None = None  # one more submit button at this input: (name, value, label)
    accept: str = ""  # of files: media types or extensions


@dataclass(slots=True)
class TableRow:
    """One entry of an input table. ``name`` is its accessible name."""

    name: str
    inputs: list[Input]
    remove: tuple[str, str] | None = None  # submit button (name, value)


@dataclass(slots=True)
class InputTable:
    """Entries of one shape, a row each; rows come and go by submit buttons, so that no script is needed."""

    label: str
    columns: list[str]
    rows: list[TableRow]
    add: tuple[str, str, str] | None = None  # submit button (name, value, label)
    empty: str = ""


@dataclass(slots=True)
class Section:
    title: str
    inputs: list[Input]
    help: str = ""
    table: InputTable | None = None


@dataclass(slots=True)
class FormPage:
    title: str
    action: str
    submit: str
    sections: list[Section]
    crumbs: list[Crumb] = field(default_factory=list)
    subtitle: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)  # (input name, message); name "" for the whole form
    hidden: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str, str]] = field(default_factory=list)  # more submit buttons: (name, value, label)
    cancel: str | None = None
    danger: bool = False
    draft: str | None = None  # key under which the browser keeps a draft
    aside: list[AsideCard] = field(default_factory=list)
    note: Flash | None = None


@dataclass(slots=True)
class FormDialog:
    id: str
    form: FormPage
