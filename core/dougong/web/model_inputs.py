"""Inputs for a plugin's own page from a model, and what was typed back as a body: as the pages of records do it.

For pages that are open too: nothing here asks who is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel

from ..errors import Invalid
from ..tenancy.stored import Stored
from .cells_out import Speaker
from .shapes import Shape, asked_of
from .views import Input
from .widgets import Asking, begun, parse, sent

if TYPE_CHECKING:
    from .requests import Asked, Values


@lru_cache(256)
def _shapes(model: type[BaseModel], of: type[Stored] | None) -> Mapping[str, Shape]:
    return asked_of(model, of)


def form_inputs(
    asked: Asked,
    model: type[BaseModel],
    module: str,
    *,
    of: type[Stored] | None = None,
    site: UUID | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, object] | None = None,
    required: Iterable[str] = (),
) -> dict[str, Input]:
    """The inputs of a model, by name, in its order.

    :param module: whose settings hold the vocabularies. :param of: the record whose fields the model was derived from.
    :param site: whose time zone counts. :param typed: what was sent, else the fields begin with their ``start``.
    :param errors: by field's path, see ``Problem.errors``. :param required: marked so, though the model lets them be empty.
    """
    speaker = Speaker(asked.snapshot, module, asked.now)
    asking = Asking(speaker, speaker.zone(site), (site,) if site else None)
    needed, made = frozenset(required), {}
    for name, shape in _shapes(model, of).items():
        value = begun(shape, asking.zone) if typed is None else typed.get(name, "")
        error = str((errors or {}).get(name, ""))
        made[name] = asking.input(shape, value=value, error=error, required=True if name in needed else None)
    return made


def form_body(
    asked: Asked, model: type[BaseModel], form: Values, *, of: type[Stored] | None = None, site: UUID | None = None
) -> tuple[dict[str, str], dict[str, Any]]:
    """What was typed into the inputs of a model: as text, to be shown again, and as a body to be validated.

    :raises Invalid: what only a form can get wrong (an amount, a local time).
    """
    shapes = _shapes(model, of)
    typed = {name: sent(shape, name, form) for name, shape in shapes.items()}
    speaker = Speaker(asked.snapshot, "core", asked.now)
    body, errors = parse(shapes.values(), typed, speaker.zone(site))
    if errors:
        raise Invalid(errors=tuple(errors))
    return typed, body


__all__ = ["form_body", "form_inputs"]
