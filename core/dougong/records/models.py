"""Input models: pydantic classes derived from a declaration, and their errors in the person's language.

The same model serves form, API and import. Made once, at load; a vocabulary is checked against the settings that are
passed as validation context, so that a company's change of its settings needs no new model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Optional, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, PydanticUndefined

from ..errors import FieldError, Invalid
from ..tenancy.stored import Stored
from ..words import Lazy
from .fields import BARE, Meta, metas
from .messages import message
from .vocabulary import keys

K = TypeVar("K", bound=Stored)


class Form(BaseModel):
    """Base of every input model: nothing unknown is accepted."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def asked(
    label: Lazy,
    *,
    default: Any = PydanticUndefined,
    help: Lazy | None = None,
    widget: str | None = None,
    vocabulary: str | None = None,
    personal: bool = False,
    unit: Lazy | None = None,
    start: Any = None,
    may: str | None = None,
) -> Any:
    """A field of a transition's own form: ``until: Day = asked(_("Until"))``."""
    meta = Meta(
        label, help, personal=personal, widget=widget, vocabulary=vocabulary, unit=unit, start=start, may=may
    )
    return Field(default, json_schema_extra=worded(meta))


def worded(meta: Meta) -> Callable[[dict[str, Any]], None]:
    """What a derived field says of itself in a JSON schema, in the language of the moment; carries the ``Meta``."""
    def add(schema: dict[str, Any]) -> None:
        schema["title"] = str(meta.label)
        if meta.help:
            schema["description"] = str(meta.help)
        if meta.personal:
            schema["x-personal"] = True

    add.meta = meta  # type: ignore[attr-defined]
    return add


def meta_of(info: FieldInfo) -> Meta | None:
    """What was declared of a field of a derived model or form."""
    found: Meta | None = getattr(info.json_schema_extra, "meta", None)
    return found


def _in_vocabulary(name: str) -> Callable[[Any, ValidationInfo], Any]:
    def check(value: Any, info: ValidationInfo) -> Any:
        settings = (info.context or {}).get("settings")
        if value is not None and settings is not None and str(value) not in keys(settings, name):
            raise PydanticCustomError("vocabulary", "is not one of the values that the company uses")
        return value

    return check


def value_type(annotation: Any) -> tuple[Any, bool]:
    """The type inside ``Mapped[…]`` with bare types made strict, and whether it may be empty."""
    if get_origin(annotation) is not None and getattr(get_origin(annotation), "__name__", "") == "Mapped":
        annotation = get_args(annotation)[0]
    args = get_args(annotation)
    optional = type(None) in args
    if optional:
        rest = [a for a in args if a is not type(None)]
        annotation = rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
    return BARE.get(annotation, annotation), optional


def hints(kind: type[Stored]) -> dict[str, Any]:
    """Annotations of a declared class, with what ``Annotated`` says."""
    found = _HINTS.get(kind)
    if found is None:
        found = _HINTS[kind] = get_type_hints(kind, include_extras=True)
    return found


def derived(
    kind: type[Stored],
    name: str,
    names: Sequence[str],
    *,
    base: type[BaseModel] = Form,
    required: bool = False,
    partial: bool = False,
) -> type[BaseModel]:
    """A model over some fields of a declared class.

    :param required: fields that the table lets be empty must be given (a transition that asks for them).
    :param partial: every field may be left out (an edit).
    """
    fields: dict[str, Any] = {}
    for key in names:
        column, meta = metas(kind)[key]
        inner, optional = value_type(hints(kind)[key])
        if meta.vocabulary:
            inner = Annotated[inner, AfterValidator(_in_vocabulary(meta.vocabulary))]
        optional = optional and not required
        default: Any = PydanticUndefined
        if optional:
            default = None
        elif column.default is not None and not required:
            default = initial(column)
        if partial:
            default = None  # never used: only what was given counts
        fields[key] = (Optional[inner] if optional else inner, Field(default, json_schema_extra=worded(meta)))  # noqa: UP045
    made: type[BaseModel] = create_model(name, __base__=base, **fields)
    made.model_rebuild()
    return made


_HINTS: dict[type[Stored], dict[str, Any]] = {}


def initial(column: sa.Column[Any] | sa.sql.elements.NamedColumn[Any]) -> Any:
    """The declared default of a column, made afresh where it is a function."""
    argument = getattr(column.default, "arg", None)
    return argument(None) if callable(argument) else argument


def fresh(kind: type[K], values: Mapping[str, Any]) -> K:
    """A new object of a declared class with all its columns, so that code of the record sees defaults instead of nothing.

    It is built as the mapper builds what it reads: a constructor that traces every value costs more than the rest.

    :raises TypeError: a value for what is no column.
    """
    found = _BLANK.get(kind)
    if found is None:
        columns = [(a.key, a.columns[0]) for a in sa.inspect(kind).column_attrs if a.key != "tenant_id"]
        found = _BLANK[kind] = tuple((key, column if column.default is not None else None) for key, column in columns)
    if unknown := values.keys() - {key for key, _column in found}:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    made = cast("K", sa.inspect(kind).class_manager.new_instance())
    held = made.__dict__
    for key, column in found:
        value = values.get(key)
        held[key] = initial(column) if value is None and column is not None else value
    return made


_BLANK: dict[type[Stored], tuple[tuple[str, Any], ...]] = {}


def creating(kind: type[Stored]) -> type[BaseModel]:
    """The model of a new record (or child): the fields declared with ``create``."""
    return _cached(kind, "Create", [n for n, (_c, m) in metas(kind).items() if m.create])


def editing(kind: type[Stored]) -> type[BaseModel]:
    """The model of an edit: the fields declared with ``edit``, each of them optional to give."""
    return _cached(kind, "Edit", [n for n, (_c, m) in metas(kind).items() if m.edit], partial=True)


def _cached(kind: type[Stored], what: str, names: Sequence[str], **options: Any) -> type[BaseModel]:
    key = (kind, what)
    if key not in _MODELS:
        _MODELS[key] = derived(kind, f"{kind.__name__}{what}", names, **options)
    return _MODELS[key]


_MODELS: dict[tuple[type[Stored], str], type[BaseModel]] = {}


def validate(model: type[BaseModel], body: Mapping[str, Any], settings: BaseModel | None) -> BaseModel:
    """Check inputs.

    :raises Invalid: with one error a bad field, in the person's language.
    """
    try:
        return model.model_validate(dict(body), context={"settings": settings})
    except ValidationError as error:
        raise Invalid(errors=problems(error)) from None


def problems(error: ValidationError) -> tuple[FieldError, ...]:
    """pydantic's findings as ours: the field's path and a sentence in the current language."""
    return tuple(
        FieldError(".".join(str(p) for p in e["loc"] if not str(p).startswith("function-")), message(e))
        for e in error.errors()
    )


def given(form: BaseModel) -> dict[str, Any]:
    """The values that were really given (for an edit)."""
    return {n: getattr(form, n) for n in form.model_fields_set}


__all__ = [
    "Form",
    "asked",
    "creating",
    "derived",
    "editing",
    "fresh",
    "given",
    "hints",
    "initial",
    "meta_of",
    "problems",
    "validate",
    "value_type",
    "worded",
]
