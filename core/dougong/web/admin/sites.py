"""The site tree: adding, renaming, moving, closing; and the locations inside each site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import Response

from ...access import places
from ...errors import FieldError, Invalid, NotFound, Problem
from ...tenancy.sites import SiteNode
from ...tenancy.tables import Site
from ...words import translator
from ..pages import page
from ..signin import redirect
from ..views import Action, Card, CardsPage, FormPage, Input, Line, Option, Section, Value
from . import words
from .common import (
    REFUSED,
    ask_again,
    at_desk,
    crumbs,
    form_page,
    id_in,
    indented,
    need,
    number_in,
    options,
)

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

PATH = "/admin/sites"
EDIT = "core.sites.edit"
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore", "UTC")
TRAIL = (_("Sites"), PATH)


def editable(asked: Asked) -> list[SiteNode]:
    """Sites that this person may change, closed ones too: judged at the nearest open site above, as the desk does."""
    free, tree = asked.gate.scope(EDIT).free, asked.snapshot.sites
    return [
        n for n in tree.ordered() if next((id for id in tree.ancestors(n.id) if id in tree.open), tree.root) in free
    ]


async def index(asked: Asked) -> Response:
    """``GET /admin/sites``."""
    need(asked, EDIT)
    asked.params()
    nodes = editable(asked)
    lines = [_line(asked, node, nodes) for node in nodes]
    made = CardsPage(
        str(_("Sites")),
        [Card(str(_("Site tree")), lines, count=len(lines))],
        subtitle=str(_("A role, and a module that is off, hold for a site and all below it.")),
        crumbs=crumbs((_("Sites"), None)),
        actions=[Action(str(_("Add a site")), f"{PATH}/new", "plus", main=True)],
    )
    return page(asked, "cards.html", made, primary=made.actions[0])


def _line(asked: Asked, node: SiteNode, nodes: list[SiteNode]) -> Line:
    kind = str(words.SITE_TYPES.get(node.type, node.type))
    indent = "　" * (len(indented(node, nodes)) - len(node.name))
    small = f"{indent}{kind} · {node.slug} · {node.timezone}"
    if not node.active:
        end = Value("tag", str(_("closed")), tone="bad")
    elif node.id not in asked.snapshot.sites.open:
        end = Value("tag", str(_("closed above")), tone="warn")
    else:
        end = None
    return Line(indented(node, nodes), small, f"{PATH}/{node.slug}", "site", end)


def node_of(asked: Asked) -> SiteNode:
    """The site in the address. :raises NotFound: none, or not to be changed by who asks."""
    found = asked.snapshot.sites.by_slug.get(asked.path_params["slug"])
    if found is None or found not in editable(asked):
        raise NotFound
    return found


# ---- one site ---------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /admin/sites/<slug>``: what it is, and its locations."""
    need(asked, EDIT)
    asked.params()
    node = node_of(asked)
    row, found = await at_desk(asked, lambda desk: (places.site(desk, node.id), places.locations(desk, node.id)))
    tree = asked.snapshot.sites
    facts = [
        Line(str(_("Kind")), icon="info", end=Value("text", str(words.SITE_TYPES.get(node.type, node.type)))),
        Line(
            str(_("Below")),
            icon="up",
            end=Value("text", words.site_name(asked.snapshot, node.parent_id) if node.parent_id else "–"),
        ),
        Line(str(_("Time zone")), icon="clock", end=Value("text", node.timezone)),
        Line(
            str(_("Households")),
            icon="people",
            end=Value("text", str(row.households)) if row.households is not None else Value("empty", ""),
        ),
        Line(str(_("State")), icon="lock", end=_state(asked, node)),
    ]
    at = f"{PATH}/{node.slug}"
    lines = [
        Line(
            "　" * depth + one.name,
            f"{'　' * depth}{words.LOCATION_TYPES.get(one.type, one.type)} · {one.code}",
            f"{at}/locations/{one.id}",
            "site",
        )
        for depth, one in found
    ]
    below = [Line(n.name, n.slug, f"{PATH}/{n.slug}", "site") for n in tree.ordered() if n.parent_id == node.id]
    made = CardsPage(
        node.name,
        [
            Card(str(_("Site")), facts),
            Card(str(_("Locations")), lines, count=len(lines), more=Action(str(_("Add a location")), f"{at}/locations/new"),
                 empty=str(_("No building, floor or room yet."))),
        ],
        subtitle=node.slug,
        crumbs=crumbs(TRAIL, (node.name, None)),
        actions=_actions(node, at),
    )  # fmt: skip
    if below:
        made.cards.append(Card(str(_("Sites below")), below, count=len(below)))
    return page(asked, "cards.html", made)


def _state(asked: Asked, node: SiteNode) -> Value:
    if not node.active:
        return Value("tag", str(_("closed")), tone="bad")
    if node.id not in asked.snapshot.sites.open:
        return Value("tag", str(_("closed above")), tone="warn")
    return Value("tag", str(_("open")), tone="good")


def _actions(node: SiteNode, at: str) -> list[Action]:
    found = [
        Action(str(_("Edit")), f"{at}/edit", "edit", main=True),
        Action(str(_("Add a site below")), f"{PATH}/new?below={node.slug}", "plus"),
    ]
    if node.parent_id is not None and node.active:
        found.append(Action(str(_("Close the site")), f"{at}/close", "lock", danger=True))
    elif node.parent_id is not None:
        found.append(Action(str(_("Reopen the site")), f"{at}/open", "undo", post=True))
    return found


def _zones(chosen: str) -> list[Option]:
    names = dict.fromkeys((chosen, *ZONES) if chosen else ZONES)
    return options([(name, name) for name in names], chosen)


def _inputs(asked: Asked, sent: Values | dict[str, str], node: SiteNode | None) -> list[Input]:
    tree = asked.snapshot.sites
    inside = tree.subtree(node.id) if node else frozenset[UUID]()
    above = [n for n in editable(asked) if n.id not in inside]
    types = [(t, words.SITE_TYPES[t]) for t in places.SITE_TYPES]
    made = [Input("name", str(_("Name")), "line", sent.get("name", ""), required=True, maxlength=100)]
    if node is None:
        made.append(
            Input(
                "slug",
                str(_("Short name")),
                "line",
                sent.get("slug", ""),
                required=True,
                maxlength=62,
                help=str(_("For addresses: lower-case letters, digits and -. It stays.")),
            )
        )
    if node is None or node.parent_id is not None:
        made += [
            Input(
                "parent_id",
                str(_("Below")),
                "site",
                required=True,
                options=options([(str(n.id), indented(n, above)) for n in above], sent.get("parent_id", "")),
            ),
            Input(
                "type",
                str(_("Kind")),
                "radios",
                sent.get("type", "project"),
                required=True,
                options=options(types, sent.get("type") or "project"),
            ),
        ]
    made += [
        Input(
            "timezone",
            str(_("Time zone")),
            "choice",
            required=True,
            options=_zones(sent.get("timezone") or "Asia/Shanghai"),
            help=str(_("Due times and dates are reckoned in it.")),
        ),
        Input("households", str(_("Households")), "number", sent.get("households", "")),
        Input(
            "position",
            str(_("Place among its neighbours")),
            "number",
            sent.get("position", ""),
            help=str(_("Small numbers come first.")),
        ),
    ]
    return made


def _given(form: Values, wrong: list[FieldError]) -> dict[str, Any]:
    """The typed values as the services take them."""
    given: dict[str, Any] = {"name": form.get("name", ""), "timezone": form.get("timezone", "")}
    if "parent_id" in form:
        given["parent_id"] = id_in(form, "parent_id", wrong)
    if "type" in form:
        given["type"] = form.get("type", "")
    given["households"] = number_in(form, "households", wrong)
    if (position := number_in(form, "position", wrong)) is not None:
        given["position"] = position
    return given


def _new_form(asked: Asked, sent: Values | dict[str, str]) -> FormPage:
    return FormPage(
        str(_("Add a site")),
        f"{PATH}/new",
        str(_("Add the site")),
        [Section("", _inputs(asked, sent, None))],
        crumbs=crumbs(TRAIL, (_("Add a site"), None)),
        cancel=PATH,
    )


async def new(asked: Asked) -> Response:
    """``GET /admin/sites/new``; ``?below=slug`` fills in the parent."""
    need(asked, EDIT)
    node = asked.snapshot.sites.by_slug.get(asked.params(("below",)).get("below", ""))
    return form_page(asked, _new_form(asked, {"parent_id": str(node.id)} if node else {}))


async def create(asked: Asked) -> Response:
    """``POST /admin/sites/new``."""
    need(asked, EDIT)
    form = await asked.form()
    slug = form.get("slug", "").strip()
    try:
        wrong: list[FieldError] = []
        given = _given(form, wrong)
        parent = given.pop("parent_id", None)
        if parent is None and not wrong:
            wrong.append(FieldError("parent_id", _("Please fill this in.")))
        if slug == "new":
            wrong.append(FieldError("slug", _("This name is taken.")))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        await at_desk(asked, lambda desk: places.create_site(desk, parent_id=parent, slug=slug, **given))
    except (*REFUSED, NotFound) as problem:
        return form_page(asked, _new_form(asked, form), _at_parent(problem))
    asked.flash(_("The site is there."))
    return redirect(f"{PATH}/{slug}")


def _at_parent(problem: Problem) -> Problem:
    return (
        Invalid(errors=(FieldError("parent_id", _("Choose one of the list.")),))
        if isinstance(problem, NotFound)
        else problem
    )


def _edit_form(asked: Asked, node: SiteNode, sent: Values | dict[str, str]) -> FormPage:
    at = f"{PATH}/{node.slug}"
    return FormPage(
        str(_("Edit {name}").format(name=node.name)),
        f"{at}/edit",
        str(_("Save")),
        [Section("", _inputs(asked, sent, node))],
        crumbs=crumbs(TRAIL, (node.name, at), (_("Edit"), None)),
        cancel=at,
    )


def _held(row: Site) -> dict[str, str]:
    found = {k: getattr(row, k) for k in ("name", "type", "timezone", "parent_id", "households", "position")}
    return {k: "" if v is None else str(v) for k, v in found.items()}


async def edit(asked: Asked) -> Response:
    """``GET /admin/sites/<slug>/edit``."""
    need(asked, EDIT)
    asked.params()
    node = node_of(asked)
    row = await at_desk(asked, lambda desk: places.site(desk, node.id))
    return form_page(asked, _edit_form(asked, node, _held(row)))


async def save(asked: Asked) -> Response:
    """``POST /admin/sites/<slug>/edit``."""
    need(asked, EDIT)
    node, form = node_of(asked), await asked.form()
    try:
        wrong: list[FieldError] = []
        given = _given(form, wrong)
        if wrong:
            raise Invalid(errors=tuple(wrong))
        await at_desk(asked, lambda desk: places.change_site(desk, node.id, **given))
    except (*REFUSED, NotFound) as problem:
        return form_page(asked, _edit_form(asked, node, form), _at_parent(problem))
    asked.flash(_("Saved."))
    return redirect(f"{PATH}/{node.slug}")


def _ask_close(asked: Asked, node: SiteNode, problem: Problem | None = None) -> Response:
    at = f"{PATH}/{node.slug}"
    return ask_again(
        asked,
        _("Close {site}?").format(site=node.name),
        _("Nobody can work there, or at the sites below it, any more. Nothing is deleted."),
        action=f"{at}/close",
        submit=_("Close the site"),
        back=at,
        trail=crumbs(TRAIL, (node.name, at)),
        problem=problem,
    )


async def confirm_close(asked: Asked) -> Response:
    """``GET /admin/sites/<slug>/close``."""
    need(asked, EDIT)
    asked.params()
    return _ask_close(asked, node_of(asked))


async def close(asked: Asked) -> Response:
    """``POST /admin/sites/<slug>/close``."""
    need(asked, EDIT)
    node, form = node_of(asked), await asked.form()
    if form.get("sure") != "1":
        return _ask_close(asked, node)
    try:
        await at_desk(asked, lambda desk: places.change_site(desk, node.id, active=False))
    except REFUSED as problem:
        return _ask_close(asked, node, problem)
    asked.flash(_("{site} is closed.").format(site=node.name))
    return redirect(f"{PATH}/{node.slug}")


async def reopen(asked: Asked) -> Response:
    """``POST /admin/sites/<slug>/open``."""
    need(asked, EDIT)
    node = node_of(asked)
    await at_desk(asked, lambda desk: places.change_site(desk, node.id, active=True))
    asked.flash(_("{site} is open again.").format(site=node.name))
    return redirect(f"{PATH}/{node.slug}")
