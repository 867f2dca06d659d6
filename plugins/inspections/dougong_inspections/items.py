"""What is looked at: items as a template has them, the answers that they take, and what an answer means.

An item's ``id`` is the same through all revisions, so that reports count by it. Answers are validated by a model that is
built once for each revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

from dougong import FieldError, Form, Invalid, Line, Moment, Prose, translator, validate
from pydantic import BaseModel, Field, TypeAdapter, create_model, model_validator
from pydantic_core import PydanticCustomError

from .choices import Criticality, Outcome, Severity

_ = translator("dougong_inspections")

MOST = 200  # items of a template
MOST_OPTIONS = 30
MOST_PHOTOS = 9  # of one item
LIMIT = 1e9

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Finite = Annotated[float, Field(allow_inf_nan=False, ge=-LIMIT, le=LIMIT)]


class _Item(Form):
    """What all items say.

    :ivar weight: what it counts in a scored template. :ivar optional: may be left without an answer.
    """

    id: Slug
    text: Line
    help: Prose | None = None
    criticality: Criticality = Criticality.NORMAL
    photo_on_fail: bool = False
    weight: Annotated[int, Field(ge=0, le=100)] = 1
    optional: bool = False


class YesNo(_Item):
    """:ivar good: the answer that passes."""

    type: Literal["yes_no"] = "yes_no"
    good: bool = True


class Choosing(_Item):
    """:ivar failing: those of the options that fail."""

    type: Literal["option"] = "option"
    options: Annotated[list[Line], Field(min_length=2, max_length=MOST_OPTIONS)]
    failing: Annotated[list[Line], Field(max_length=MOST_OPTIONS)] = []

    @model_validator(mode="after")
    def _known(self) -> Choosing:
        if len(set(self.options)) != len(self.options):
            raise PydanticCustomError("twice", str(_("names an option twice")))
        if not set(self.failing) <= set(self.options):
            raise PydanticCustomError("failing", str(_("lets an option fail that it does not have")))
        return self


class Number(_Item):
    """:ivar low, high: what passes lies between them, both included; None: no limit on that side."""

    type: Literal["number"] = "number"
    low: Finite | None = None
    high: Finite | None = None
    unit: Annotated[str, Field(max_length=20)] = ""

    @model_validator(mode="after")
    def _ordered(self) -> Number:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise PydanticCustomError("limits", str(_("has a lower limit above the upper one")))
        return self


class Text(_Item):
    """Whoever writes says whether it passes (``Answer.fails``)."""

    type: Literal["text"] = "text"


class Photo(_Item):
    """:ivar least: photos that are needed."""

    type: Literal["photo"] = "photo"
    least: Annotated[int, Field(ge=1, le=MOST_PHOTOS)] = 1


Item = Annotated[YesNo | Choosing | Number | Text | Photo, Field(discriminator="type")]
AnyItem = YesNo | Choosing | Number | Text | Photo
_ITEMS: TypeAdapter[list[AnyItem]] = TypeAdapter(list[Item])
_TAGS = frozenset({"yes_no", "option", "number", "text", "photo"})


class Items(Form):
    """The items of one template."""

    items: Annotated[list[Item], Field(max_length=MOST)]


def read(raw: Sequence[Any]) -> list[AnyItem]:
    """Items as they are stored or sent.

    :raises Invalid: with the path ``items.<n>.<field>`` of each thing that is wrong.
    """
    try:
        form = validate(Items, {"items": list(raw)}, None)
    except Invalid as problem:
        raise Invalid(errors=tuple(FieldError(_untagged(e.path), e.message) for e in problem.errors)) from None
    assert isinstance(form, Items)
    found: list[AnyItem] = list(form.items)
    ids = [one.id for one in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise Invalid(errors=(FieldError("items", _("Two items have the id “{id}”.").format(id=twice[0])),))
    return found


def _untagged(path: str) -> str:
    """A field's path as whoever sent the items knows it: without the name of the kind behind the number."""
    parts = path.split(".")
    return ".".join([*parts[:2], *(parts[3:] if parts[2:3] and parts[2] in _TAGS else parts[2:])])


def stored(items: Iterable[AnyItem]) -> list[dict[str, Any]]:
    """Items as JSON, as they are kept."""
    return [one.model_dump(mode="json") for one in items]


# ---- answers ----


class Answer(Form):
    """What somebody says of one item. ``value`` has the item's own type in the model of a revision.

    :ivar na: not applicable here. :ivar fails: of a text or photo: it is not as it should be.
    :ivar severity: how bad it is that this failed; left out, it goes by the item's criticality.
    :ivar photos: ids of files of the task.
    """

    na: bool = False
    fails: bool = False
    severity: Severity | None = None
    note: Annotated[str, Field(max_length=2_000)] = ""
    photos: Annotated[list[UUID], Field(max_length=MOST_PHOTOS)] = []
    device_at: Moment | None = None


def _value_type(item: AnyItem) -> Any:
    if isinstance(item, YesNo):
        return bool
    if isinstance(item, Choosing):
        return Literal[tuple(item.options)]
    return Finite if isinstance(item, Number) else Prose if isinstance(item, Text) else None


@lru_cache(maxsize=512)
def answers_model(revision: UUID, raw: str) -> type[BaseModel]:
    """The model of the answers to one revision: a field an item, each of which may be missing.

    :param raw: its items as canonical JSON, from which it is built.
    """
    fields: dict[str, Any] = {}
    for item in _ITEMS.validate_json(raw):
        kind = _value_type(item)
        value: Any = (None if kind is None else Optional[kind], None)  # noqa: UP045
        own = create_model(f"Answer_{item.id}", __base__=Answer, value=value)
        fields[item.id] = (Optional[own], None)  # noqa: UP045
    return create_model(f"Answers_{revision.hex}", __base__=Form, **fields)


def check(items: Sequence[AnyItem], revision: UUID, body: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The answers that were given, by item, as validated.

    :param path: what stands before the fields' names. :raises Invalid: one error a bad field.
    """
    raw = _ITEMS.dump_json(list(items)).decode()
    try:
        found = validate(answers_model(revision, raw), body, None)
    except Invalid as problem:
        raise Invalid(errors=tuple(FieldError(f"{path}.{e.path}", e.message) for e in problem.errors)) from None
    return {one.id: given for one in items if (given := getattr(found, one.id)) is not None}


def answered(item: AnyItem, given: Any) -> bool:
    """Whether something was said of an item."""
    if given.na:
        return True
    return bool(given.photos) if isinstance(item, Photo) else given.value is not None


def outcome(item: AnyItem, given: Any) -> Outcome:
    """What an answer means."""
    if given.na:
        return Outcome.NOT_APPLICABLE
    if isinstance(item, YesNo):
        bad = given.value is not item.good
    elif isinstance(item, Choosing):
        bad = given.value in item.failing
    elif isinstance(item, Number):
        bad = (item.low is not None and given.value < item.low) or (item.high is not None and given.value > item.high)
    else:
        bad = given.fails
    return Outcome.FAIL if bad else Outcome.PASS


def lacking(item: AnyItem, given: Any) -> dict[str, Any]:
    """What an answer lacks, in words by field; empty where it is enough. A failure is said in words."""
    fails, wrong = outcome(item, given) is Outcome.FAIL, dict[str, Any]()
    if isinstance(item, Photo) and not given.na and len(given.photos) < item.least:
        wrong["photos"] = _("needs {n} photos").format(n=item.least)
    elif item.photo_on_fail and fails and not given.photos:
        wrong["photos"] = _("needs a photo of what is wrong")
    if fails and not given.note.strip():
        wrong["note"] = _("say what is wrong")
    return wrong


def as_text(given: Any) -> str | None:
    """An answer's value as it is kept."""
    value = getattr(given, "value", None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def score(parts: Iterable[tuple[int, Outcome]]) -> float | None:
    """The score out of 100: the weight of what passed of the weight of what applied; None where nothing applied."""
    counted = [(weight, found) for weight, found in parts if found is not Outcome.NOT_APPLICABLE]
    whole = sum(weight for weight, _found in counted)
    if not whole:
        return None
    return round(100 * sum(weight for weight, found in counted if found is Outcome.PASS) / whole, 1)


__all__ = ["Answer", "AnyItem", "Item", "answered", "as_text", "check", "lacking", "outcome", "read", "score", "stored"]
