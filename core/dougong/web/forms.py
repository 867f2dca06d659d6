"""Form pages of a record: what is asked when it is created, edited or moved, in the sections of its declaration.

Builds view objects from shapes and what was typed; the errors of an action become errors of inputs. Reads no
request and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..errors import FieldError, Problem
from ..words import translator
from .plans import Plan
from .shapes import Shape
from .views import Crumb, Flash, FormDialog, FormPage, Input, Section
from .widgets import Asking

_ = translator("dougong")

_CREATE, _SAVE = _("Create"), _("Save")
_SITE = _("Site")
_MORE = _("More")


class Errors:
    """Errors of one answer, by input. ``rest`` belongs to no input of the form and is said above it."""

    def __init__(self, problem: Problem | None = None, more: Iterable[FieldError] = ()) -> None:
        found = [*more, *(problem.errors if problem else ())]
        self.by_path: dict[str, str] = {}
        for error in found:
            self.by_path.setdefault(error.path, str(error.message))
        self.rest = str(problem.detail) if problem and problem.detail else ""
        self.used: set[str] = set()

    def take(self, path: str) -> str:
        self.used.add(path)
        return self.by_path.get(path, "")

    def __bool__(self) -> bool:
        return bool(self.by_path or self.rest)

    def summary(self, sections: Sequence[Section], fields: Mapping[str, Shape]) -> list[tuple[str, str]]:
        """Errors in the order of the inputs, each beginning with the input's label; what the form does not ask for with that of
        the record's field."""
        lines = [(i.name, f"{i.label}{_COLON}{i.error}") for s in sections for i in s.inputs if i.error]
        rest = {path: text for path, text in self.by_path.items() if path not in self.used}
        lines += [("", f"{fields[p].label if p in fields else p}{_COLON}{text}") for p, text in rest.items()]
        return ([("", self.rest)] if self.rest else []) + lines


_COLON = _(": ")


def sections(
    plan: Plan,
    shapes: Mapping[str, Shape],
    asking: Asking,
    values: Mapping[str, str],
    errors: Errors,
    first: Sequence[Input] = (),
) -> list[Section]:
    """Inputs of a record's own fields under its headings; ``first`` goes before all."""
    made: list[Section] = []
    placed: set[str] = set()
    for label, names in plan.sections:
        inputs = [_input(shapes[n], asking, values, errors) for n in names if n in shapes and asking.asks(shapes[n])]
        placed |= {*names}
        if inputs:
            made.append(Section(str(label or ""), inputs))
    rest = [_input(s, asking, values, errors) for name, s in shapes.items() if name not in placed and asking.asks(s)]
    if rest:
        made.append(Section(str(_MORE) if made else "", rest))
    if first:
        if made:
            made[0].inputs = [*first, *made[0].inputs]
        else:
            made.append(Section("", [*first]))
    return made


def _input(shape: Shape, asking: Asking, values: Mapping[str, str], errors: Errors) -> Input:
    return asking.input(shape, value=values.get(shape.name, ""), error=errors.take(shape.name))


def site_input(plan: Plan, choices: Sequence[tuple[str, str]], chosen: Sequence[str], errors: Errors) -> Input:
    """Where a new record shall be: one site, or several for a record that belongs to several."""
    from .views import Option

    several = plan.scope == "sites"
    made = Input(
        "site",
        str(_SITE),
        "checks" if several else "site",
        value=chosen[0] if chosen else "",
        values=list(chosen),
        required=True,
        error=errors.take("site"),
    )
    made.options = [Option(slug, name, slug in chosen) for slug, name in choices]
    return made


def create_form(
    plan: Plan,
    asking: Asking,
    values: Mapping[str, str],
    errors: Errors,
    *,
    sites: Sequence[tuple[str, str]],
    chosen: Sequence[str],
    once: str,
    then: str = "",
    allowed: Sequence[str] = (),
    tail: str = "",
) -> FormPage:
    """The page to create a record.

    :param sites: where this person may create, as (slug, name). :param once: makes a repeated submit harmless.
    :param allowed: transitions that may be taken at once; what they ask for follows below, none of it required.
    """
    first, hidden = [], [("once", once)]
    if len(sites) == 1:
        hidden.append(("site", sites[0][0]))
        errors.take("site")
    else:
        first = [site_input(plan, sites, chosen, errors)]
    made = sections(plan, plan.create_fields, asking, values, errors, first)
    for name in allowed:
        made += _then_section(plan, name, asking, values, errors, then)
    title = str(plan.resource.create_label or _("New: {what}").format(what=plan.one))
    form = FormPage(
        title,
        f"{plan.path}/new{tail}",
        str(plan.resource.create_label or _CREATE),
        made,
        crumbs=[Crumb(str(plan.label), plan.path + tail), Crumb(title)],
        hidden=hidden,
        others=[("then", name, plan.transition_label(name)) for name in allowed],
        cancel=plan.path + tail,
        draft=plan.kind,
    )
    if len(sites) == 1:
        form.subtitle = f"{_SITE}{_COLON}{sites[0][1]}"
    return said(form, errors, plan)


def _then_section(
    plan: Plan, name: str, asking: Asking, values: Mapping[str, str], errors: Errors, then: str
) -> list[Section]:
    step = plan.transitions[name]
    prefix = f"then.{name}."
    inputs = []
    for shape in plan.asked(name).values():
        error = errors.take(f"then_body.{shape.name}") if then == name else ""
        value = values.get(prefix + shape.name, "")
        inputs.append(asking.input(shape, prefix=prefix, value=value, error=error, required=False))
    why = _("Only for “{step}”: fill this in and press that button.").format(step=step.label)
    return [Section(str(step.label), inputs, help=str(step.help or why))] if inputs else []


def edit_form(
    plan: Plan,
    shapes: Mapping[str, Shape],
    asking: Asking,
    values: Mapping[str, str],
    errors: Errors,
    *,
    address: str,
    number: str,
    hidden: list[tuple[str, str]],
    note: Flash | None = None,
) -> FormPage:
    """The page to edit a record; ``hidden`` carries the version and the values that the person saw."""
    title = str(_("Edit {number}").format(number=number))
    form = FormPage(
        title,
        f"{address}/edit",
        str(_SAVE),
        sections(plan, shapes, asking, values, errors),
        crumbs=[Crumb(str(plan.label), plan.path), Crumb(number, address), Crumb(str(_("Edit")))],
        hidden=hidden,
        cancel=address,
        draft=f"{plan.kind}:{number}",
        note=note,
    )
    return said(form, errors, plan)


def transition_form(
    plan: Plan,
    name: str,
    asking: Asking,
    values: Mapping[str, str],
    errors: Errors,
    *,
    address: str,
    number: str,
    version: int,
    note: Flash | None = None,
) -> FormPage:
    """What a transition asks for, as a page or inside a dialog."""
    step = plan.transitions[name]
    inputs = [_input(shape, asking, values, errors) for shape in plan.asked(name).values() if asking.asks(shape)]
    label = str(step.label)
    form = FormPage(
        label,
        f"{address}/do/{name}",
        label,
        [Section("", inputs, help="" if inputs else str(_("Nothing needs to be filled in.")))],
        crumbs=[Crumb(str(plan.label), plan.path), Crumb(number, address), Crumb(label)],
        subtitle=str(step.help or ""),
        hidden=[("row_version", str(version))],
        cancel=address,
        danger=step.danger,
        note=note,
    )
    if step.danger and not inputs:
        form.subtitle = form.subtitle or str(_("{step}: {number}").format(step=label, number=number))
    return said(form, errors, plan)


def dialog(form: FormPage, name: str) -> FormDialog:
    return FormDialog(f"do-{name}", form)


def said(form: FormPage, errors: Errors, plan: Plan) -> FormPage:
    """Sum up the errors at the head of the form."""
    form.errors = errors.summary(form.sections, plan.fields)
    return form
