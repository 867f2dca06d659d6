"""Roles: what each may do, beside what its modules declare, and where it stands in the line of command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from ...access import configure
from ...access.desk import Desk
from ...access.roles import CORE, RoleView, effective
from ...errors import FieldError, Invalid, NotFound, Problem
from ...words import plural, translator
from ..pages import page
from ..signin import redirect
from ..views import Action, AsideCard, Column, Empty, Fact, FormPage, Input, Line, ListPage, Option, Row, Section, Value
from . import words
from .common import REFUSED, ask_again, at_desk, crumbs, form_page, need, need_whole, number_in

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

PATH = "/admin/roles"
READS = ("core.roles.edit",)
_TRAIL = (_("Roles"), PATH)


def defaults(asked: Asked, role: RoleView) -> frozenset[str]:
    """What the loaded modules give to a role."""
    registry = asked.app.registry
    return effective(registry.roles.get(role.slug), {}, registry.permissions)


def holders(asked: Asked, role: RoleView) -> int:
    return len({g.person for g in asked.snapshot.grants if g.role == role.slug and g.live(asked.now)})


def changes(asked: Asked, role: RoleView) -> tuple[frozenset[str], frozenset[str]]:
    """Permissions added to, and taken from, the default; of loaded modules."""
    known, base = frozenset(asked.app.registry.permissions), defaults(asked, role)
    return (role.permissions & known) - base, base - role.permissions


async def index(asked: Asked) -> Response:
    """``GET /admin/roles``."""
    need(asked, *READS)
    text = asked.params(("q",)).get("q", "").strip().casefold()
    roles = sorted(asked.snapshot.roles.values(), key=lambda r: (-r.level, r.label))
    roles = [r for r in roles if text in r.label.casefold() or text in r.slug]
    columns = [
        Column("name", str(_("Role")), role="title"),
        Column("level", str(_("Level")), "number", role="desk"),
        Column("people", str(_("Held by")), "number"),
        Column("permissions", str(_("Permissions")), "number", role="desk"),
        Column("changes", str(_("Against the default")), "tag"),
    ]
    made = ListPage(
        title=str(_("Roles")),
        columns=columns,
        rows=[_row(asked, role) for role in roles],
        actions=[Action(str(_("New role")), f"{PATH}/new", "plus", main=True)] if _may(asked) else [],
        query=asked.query.get("q", ""),
        clear_href=PATH if text else None,
        summary=str(plural(_("{n} role"), _("{n} roles"), len(roles))),
    )
    if not roles:
        made.empty = Empty(str(_("No such role")), str(_("No role is called that.")), Action(str(_("Show all")), PATH))
    return page(asked, "list.html", made, primary=made.actions[0] if made.actions else None)


def _may(asked: Asked) -> bool:
    return asked.gate.may("core.roles.edit", asked.snapshot.sites.root)


def _row(asked: Asked, role: RoleView) -> Row:
    added, taken = changes(asked, role)
    own = role.slug not in asked.app.registry.roles
    difference = Value("empty", "")
    if own:
        difference = Value("tag", str(_("own role")), tone="info")
    elif added or taken:
        difference = Value("tag", f"+{len(added)} −{len(taken)}", tone="warn")
    cells = [
        Value("text", role.label),
        Value("number", str(role.level)),
        Value(
            "number",
            str(plural(_("{n} person"), _("{n} people"), holders(asked, role))),
            href=f"/admin/grants?role={role.slug}",
        ),
        Value("number", str(len(role.permissions & frozenset(asked.app.registry.permissions)))),
        difference,
    ]
    return Row(role.slug, f"{PATH}/{role.slug}", role.label, cells)


def _role(asked: Asked) -> RoleView:
    found = asked.snapshot.roles.get(asked.path_params["slug"])
    if found is None:
        raise NotFound
    return found


def _permission_sections(asked: Asked, role: RoleView | None, chosen: frozenset[str]) -> list[Section]:
    """Permissions by module, the default of each said behind it."""
    registry = asked.app.registry
    base = defaults(asked, role) if role else frozenset()
    declared = role is not None and role.slug in registry.roles
    made = []
    for module in (CORE, *registry.modules):
        choices = []
        for one in registry.permissions.values():
            if one.module != module:
                continue
            on = one.name in chosen
            note = ""
            if declared and on != (one.name in base):
                note = str(_("added; off by default") if on else _("taken away; on by default"))
            elif declared and on:
                note = str(_("default"))
            choices.append(Option(one.name, str(one.label), on, note))
        if choices:
            off = module != CORE and module not in asked.snapshot.modules
            count = sum(o.selected for o in choices)
            title = _("{module}: {n} of {all}").format(
                module=registry.plugins[module].manifest.label, n=count, all=len(choices)
            )
            help = str(_("This module is off at present; the choice holds as soon as it is on.")) if off else ""
            made.append(
                Section(
                    "",
                    [
                        Input(
                            "permission",
                            str(title),
                            "checks",
                            values=[o.value for o in choices if o.selected],
                            options=choices,
                            help=help,
                        )
                    ],
                )
            )
    return made


def _edit_form(asked: Asked, role: RoleView, sent: Values | None) -> FormPage:
    may = _may(asked)
    chosen = frozenset(sent.getlist("permission")) if sent is not None else role.permissions
    declared = role.slug in asked.app.registry.roles
    name = sent.get("name", "") if sent is not None else role.name or ""
    level = sent.get("level", "") if sent is not None else str(role.level)
    standard = _("Empty: {name}, as the modules call it.").format(name=role.declared or role.slug)
    inputs = [
        Input(
            "name",
            str(_("Name")),
            "line",
            name,
            required=not declared,
            maxlength=100,
            help=str(standard) if declared else "",
            readonly=not may,
        ),
        Input("level", str(_("Level")), "number", level, required=True, help=str(_LEVEL_HELP), readonly=not may),
    ]
    form = FormPage(
        role.label,
        f"{PATH}/{role.slug}",
        str(_("Save")),
        [Section("", inputs), *_permission_sections(asked, role, chosen)],
        crumbs=crumbs(_TRAIL, (role.label, None)),
        cancel=PATH,
        aside=_aside(asked, role),
    )
    added, taken = changes(asked, role)
    if declared and (added or taken) and may:
        form.others = [("act", "reset", str(_("Back to the default")))]
    return form


_LEVEL_HELP = _("0 to 99. Who has a higher level at a site stands above; 0 stands outside the line of command.")


def _aside(asked: Asked, role: RoleView) -> list[AsideCard]:
    registry = asked.app.registry
    added, taken = changes(asked, role)
    people = sorted(
        {g.person for g in asked.snapshot.grants if g.role == role.slug and g.live(asked.now)},
        key=lambda id: words.person_name(asked.snapshot, id),
    )
    lines = [Line(words.person_name(asked.snapshot, id), icon="user", href=f"/admin/people/{id}") for id in people[:8]]
    if len(people) > 8:
        lines.append(
            Line(str(_("All {n}").format(n=len(people))), icon="people", href=f"/admin/grants?role={role.slug}")
        )
    cards = [
        AsideCard(
            str(_("Held by {n}").format(n=len(people))),
            lines=lines,
            text="" if lines else str(_("Nobody has this role now.")),
        )
    ]
    if role.slug in registry.roles and (added or taken):
        facts = [Fact(str(_("Added")), Value("text", str(registry.permissions[p].label))) for p in sorted(added)]
        facts += [Fact(str(_("Taken away")), Value("text", str(registry.permissions[p].label))) for p in sorted(taken)]
        cards.insert(0, AsideCard(str(_("Against the default")), facts=facts))
    return cards


async def show(asked: Asked) -> Response:
    """``GET /admin/roles/<slug>``."""
    need(asked, *READS)
    asked.params()
    return form_page(asked, _edit_form(asked, _role(asked), None))


async def save(asked: Asked) -> Response:
    """``POST /admin/roles/<slug>``: name, level and permissions at once; ``act=reset``: back to the default."""
    need_whole(asked, "core.roles.edit")
    role, form = _role(asked), await asked.form()
    if form.get("act") == "reset":
        return await _reset(asked, role, form)
    try:
        wrong: list[FieldError] = []
        level = number_in(form, "level", wrong)
        if level is None and not wrong:
            wrong.append(FieldError("level", _("Please fill this in.")))
        if wrong or level is None:
            raise Invalid(errors=tuple(wrong))
        await at_desk(asked, partial(_change, role, form.get("name", ""), level, form.getlist("permission")))
    except REFUSED as problem:
        return form_page(asked, _edit_form(asked, role, form), _renamed(problem))
    asked.flash(_("Saved. It holds from everybody's next click on."))
    return redirect(f"{PATH}/{role.slug}")


def _change(role: RoleView, name: str, level: int, permissions: list[str], desk: Desk) -> None:
    if (name.strip() or None, level) != (role.name, role.level):
        configure.change_role(desk, role.id, name=name, level=level)
    configure.set_permissions(desk, role.id, permissions)


def _renamed(problem: Problem) -> Problem:
    problem.errors = tuple(
        FieldError("permission" if e.path == "permissions" else e.path, e.message) for e in problem.errors
    )
    return problem


async def _reset(asked: Asked, role: RoleView, form: Values) -> Response:
    def ask(problem: Problem | None = None) -> Response:
        text = _("Everything that was added or taken away is undone; the level and the people stay.")
        return ask_again(
            asked,
            _("{role}: back to the default?").format(role=role.label),
            text,
            action=f"{PATH}/{role.slug}",
            submit=_("Back to the default"),
            back=f"{PATH}/{role.slug}",
            trail=crumbs(_TRAIL, (role.label, f"{PATH}/{role.slug}")),
            kept=[("act", "reset")],
            problem=problem,
        )

    if form.get("sure") != "1":
        return ask()
    try:
        await at_desk(asked, lambda desk: configure.set_permissions(desk, role.id, defaults(asked, role)))
    except REFUSED as problem:
        return ask(problem)
    asked.flash(_("{role} is as the modules declare it again.").format(role=role.label))
    return redirect(f"{PATH}/{role.slug}")


# ---- a new one --------------------------------------------------------------------------------------


def _new_form(asked: Asked, sent: Values | None) -> FormPage:
    got: Values | dict[str, str] = sent if sent is not None else {}
    inputs = [
        Input("name", str(_("Name")), "line", got.get("name", ""), required=True, maxlength=100),
        Input(
            "slug",
            str(_("Short name")),
            "line",
            got.get("slug", ""),
            required=True,
            maxlength=40,
            help=str(_("For the command line and the API, for instance night_guard. It stays.")),
        ),
        Input("level", str(_("Level")), "number", got.get("level", "0"), required=True, help=str(_LEVEL_HELP)),
    ]
    chosen = frozenset(sent.getlist("permission")) if sent is not None else frozenset()
    return FormPage(
        str(_("New role")),
        f"{PATH}/new",
        str(_("Create the role")),
        [Section("", inputs), *_permission_sections(asked, None, chosen)],
        crumbs=crumbs(_TRAIL, (_("New role"), None)),
        cancel=PATH,
    )


async def new(asked: Asked) -> Response:
    """``GET /admin/roles/new``."""
    need_whole(asked, "core.roles.edit")
    asked.params()
    return form_page(asked, _new_form(asked, None))


async def create(asked: Asked) -> Response:
    """``POST /admin/roles/new``."""
    need_whole(asked, "core.roles.edit")
    form = await asked.form()
    slug = form.get("slug", "").strip()
    try:
        wrong: list[FieldError] = []
        level = number_in(form, "level", wrong, 0) or 0
        if slug == "new":
            wrong.append(FieldError("slug", _("This name is taken.")))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        make = partial(
            configure.create_role,
            slug=slug,
            name=form.get("name", ""),
            level=level,
            permissions=form.getlist("permission"),
        )
        await at_desk(asked, make)
    except REFUSED as problem:
        return form_page(asked, _new_form(asked, form), _renamed(problem))
    asked.flash(_("The role is there. Now give it to somebody."))
    return redirect(f"{PATH}/{slug}")
