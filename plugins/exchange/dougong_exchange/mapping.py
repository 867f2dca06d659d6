"""A mapping: which column of a file goes into which field, and how its words are read. Kept as TOML or by the company.

Owns the form of a mapping and its checks against a file's headings; guesses nothing (``proposing`` does).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from dougong import FieldError, Form, Invalid, translator
from pydantic import Field, ValidationError

_ = translator("dougong_exchange")

Text = Annotated[str, Field(max_length=300)]
_HOLE = re.compile(r"\{([^{}]+)\}")
MOST_BYTES = 200_000
_PART = re.compile(r"%(.?)", re.DOTALL)
_PARTS = frozenset("YymdbBHIMSfpzjaA%")  # of strptime, without those that hold several


class Source(Form):
    """Where the value of one field comes from: a column, a text with columns in it, or the same value for all rows.

    :ivar values: their word → our value, for what does not say it in our words. :ivar default: where the cell is empty.
    :ivar create: for a vocabulary: what a new entry of the company's settings holds beside its name.
    """

    column: Text = ""
    template: Text = ""
    value: Text = ""
    values: dict[str, str] = Field(default_factory=dict, max_length=2000)
    default: Text = ""
    formats: list[Text] = Field(default_factory=list, max_length=10)
    create: dict[str, Any] | None = None

    def columns(self) -> list[str]:
        return [self.column] if self.column else _HOLE.findall(self.template)


class SiteSource(Form):
    """How the site of a row is found: by name or short name in a column.

    :ivar create: sites that there are none of are made, below ``parent`` (short name; empty: the company itself).
    :ivar missing: name of the site for rows that name none; empty: such a row is refused.
    :ivar value: short name of the one site for all rows.
    """

    column: Text = ""
    create: bool = False
    parent: Text = ""
    missing: Text = ""
    value: Text = ""


class Mapping(Form):
    """All that is said of one kind of file.

    :ivar resource: kind of the records. :ivar timezone: of the file's times; empty: the site's.
    :ivar dates: whether 1/2/2026 has the month or the day first. :ivar key: the column that tells one row from another.
    :ivar source: name of the system that the keys belong to.
    """

    resource: Text
    title: Text = ""
    source: Text = "file"
    timezone: Text = ""
    dates: Literal["", "mdy", "dmy"] = ""
    key: Text = ""
    site: SiteSource = Field(default_factory=SiteSource)
    fields: dict[str, Source] = Field(default_factory=dict, max_length=300)
    ignore: list[Text] = Field(default_factory=list, max_length=300)

    def columns(self) -> set[str]:
        """Every column that it reads."""
        found = {name for one in self.fields.values() for name in one.columns()}
        return found | {name for name in (self.key, self.site.column) if name}


def fill(template: str, row: dict[str, str]) -> str:
    """A text with columns in it; what stands round an empty cell is tidied."""
    text = _HOLE.sub(lambda hole: row.get(hole[1], "").strip(), template)
    return re.sub(r"\s{2,}", " ", re.sub(r"[(（]\s*[)）]", "", text)).strip(" ,，;；·-")


def read(text: str | bytes) -> Mapping:
    """A mapping from TOML. :raises Invalid: it is none; says where."""
    try:
        if len(text) > MOST_BYTES:
            raise ValueError(f"{len(text)} > {MOST_BYTES}")
        given = tomllib.loads(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise Invalid(errors=(FieldError("mapping", _("is not TOML: {why}").format(why=str(error)[:200])),)) from None
    return check(given)


def check(given: dict[str, Any]) -> Mapping:
    """:raises Invalid: something in it does not fit; one entry each."""
    if not _storable(given):
        why = _("Contains a character that cannot be stored.")
        raise Invalid(errors=(FieldError("mapping", why),))
    try:
        found = Mapping.model_validate(given)
    except ValidationError as error:
        wrong = (FieldError("mapping." + ".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()[:20])
        raise Invalid(errors=tuple(wrong)) from None
    for name, source in found.fields.items():
        for at, one in enumerate(source.formats):
            if not is_format(one):
                why = _("is no form of a date, as %d/%m/%Y is")
                raise Invalid(errors=(FieldError(f"mapping.fields.{name}.formats.{at}", why),))
    if found.timezone and found.timezone not in available_timezones():
        why = _("There is no such time zone; write it as in Asia/Shanghai.")
        raise Invalid(errors=(FieldError("mapping.timezone", why),))
    return found


def _storable(value: Any) -> bool:
    """Whether a document can be kept: without NUL and numbers that are none."""
    if isinstance(value, dict):
        return all(_storable(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return all(_storable(one) for one in value)
    return math.isfinite(value) if isinstance(value, float) else not (isinstance(value, str) and "\x00" in value)


def is_format(text: str) -> bool:
    """Whether ``strptime`` takes it: known parts, each at most once."""
    parts = _PART.findall(text)
    return "\x00" not in text and set(parts) <= _PARTS and len(set(parts)) == len(parts) - max(0, parts.count("%") - 1)


def fit(mapping: Mapping, headings: Sequence[str]) -> None:
    """:raises Invalid: it names columns that the file does not have."""
    missing = sorted(mapping.columns() - set(headings))
    if missing:
        text = _("The file has no column “{name}”.")
        raise Invalid(errors=tuple(FieldError("mapping", text.format(name=name)) for name in missing[:10]))
