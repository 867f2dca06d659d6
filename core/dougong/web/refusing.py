"""What was refused, said on the form it was typed into: under its input, and all of it at the head.

Owns no rule and no words of refusals: those come with the problem.
"""

from __future__ import annotations

from ..errors import Problem
from ..words import translator
from .views import Flash, FormPage, Input

_ = translator("dougong")
COLON = _(": ")


def with_problem(form: FormPage, problem: Problem | None) -> FormPage:
    """The same form with what is to be mended; None: as it is.

    An error whose path is the name of an input (also one in a table) stands there; others stand at the head alone.
    """
    if problem is None:
        return form
    found = {error.path: str(error.message) for error in problem.errors}
    named = {one.name: one for one in inputs_of(form)}
    lines: list[tuple[str, str]] = []
    for path, text in found.items():
        if path in named:
            named[path].error = text
            lines.append((path, f"{named[path].label}{COLON}{text}"))
        else:
            lines.append(("", f"{path}{COLON}{text}" if path else text))
    if problem.detail or not lines:
        lines.insert(0, ("", str(problem.detail or problem.title)))
    form.errors = lines
    explained = problem.extra.get("explanation")
    if explained is not None and explained.mend:
        form.note = Flash("info", str(explained.mend))
    return form


def inputs_of(form: FormPage) -> list[Input]:
    """All inputs, those of tables too."""
    tables = [row for s in form.sections if s.table for row in s.table.rows]
    return [i for s in form.sections for i in s.inputs] + [i for row in tables for i in row.inputs]


__all__ = ["COLON", "inputs_of", "with_problem"]
