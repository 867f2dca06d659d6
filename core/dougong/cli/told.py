"""Where in a company's file something does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import FieldError, Invalid, Problem
from ..words import Lazy


@contextmanager
def told_at(path: str) -> Iterator[None]:
    """Puts the key's path before what is wrong inside the block.

    :raises Invalid: instead of any refusal, with the path.
    """
    try:
        yield
    except Problem as error:
        wrong: list[tuple[str, Lazy | str]] = [(f"{path}.{each.path}", each.message) for each in error.errors]
        wrong = wrong or [(path, error.detail or error.title)]
        raise Invalid(errors=tuple(FieldError(at, said) for at, said in wrong)) from error
