"""Where people keep their own feeds: the list, making one, its link (shown once), renewing, removing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import (
    Asked,
    Context,
    FieldError,
    Invalid,
    NotFound,
    PageRoute,
    Resource,
    page,
    stamp,
    translator,
    views_of,
    with_problem,
    write,
)
from dougong.views import (
    TOOLS,
    Action,
    AlonePage,
    Card,
    CardsPage,
    Crumb,
    FormPage,
    Input,
    Line,
    MenuItem,
    Option,
    Section,
)
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .making import MAKE, MODULE, link, make, own, possible, remove, renew
from .records import Feed

_ = translator("dougong_feeds")

HERE = f"/{MODULE}"
_VIEW, _TAB = "view:", "tab:"


def _x(asked: Asked, session: Session) -> Context[Any]:
    return asked.context(session, MODULE)


async def index(asked: Asked) -> Response:
    """One's own feeds."""
    asked.params()

    def work(session: Session) -> CardsPage:
        x = _x(asked, session)
        kinds = possible(x)
        lines = [_line(x, one) for one in own(x)]
        explained = str(
            _("Subscribe to the link in your phone's or office's calendar. Whoever knows it reads what you may see.")
        )
        new = [Action(str(_("New feed")), f"{HERE}/new", "plus", main=True)] if kinds else []
        card = Card(str(_("My calendar feeds")), lines, text=explained, empty=str(_("You have no feed yet.")))
        return CardsPage(str(_("Calendar feeds")), [card], actions=new)

    return page(asked, "cards.html", await write(asked, work))


def _line(x: Context[Any], one: Feed) -> Line:
    zone = x.snapshot.sites.zone()
    resource = x.registry.resources.get(one.record_kind)
    used = stamp(one.used_at, zone) if one.used_at else str(_("never"))
    small = f"{resource.label if resource else one.record_kind} · {_('last read: {when}').format(when=used)}"
    actions = [
        Action(str(_("New link")), f"{HERE}/{one.id}/renew", post=True),
        Action(str(_("Remove")), f"{HERE}/{one.id}/remove", post=True, danger=True),
    ]
    return Line(one.name, small, icon="cal", actions=actions)


async def ask(asked: Asked) -> Response:
    """The form for a new feed; with several lists it first asks which."""
    sent = asked.params(("kind",))
    made = await write(asked, lambda session: _form(_x(asked, session), sent.get("kind", ""), {}))
    return page(asked, "form.html", made)


def _form(x: Context[Any], kind: str, typed: Mapping[str, str], problem: Invalid | None = None) -> FormPage:
    kinds = possible(x)
    if not kinds:
        raise NotFound()
    if not kind and len(kinds) == 1:
        kind = next(iter(kinds))
    crumbs = [Crumb(str(_("Calendar feeds")), HERE), Crumb(str(_("New feed")))]
    title = str(_("New feed"))
    if kind not in kinds:
        options = [Option(name, str(one.label)) for name, one in kinds.items()]
        which = Input("kind", str(_("List")), "radios", options=options, required=True)
        made = FormPage(title, f"{HERE}/new", str(_("Go on")), [Section("", [which])], crumbs=crumbs, cancel=HERE)
        return with_problem(made, problem)
    inputs = _inputs(x, kinds[kind], typed)
    made = FormPage(title, f"{HERE}/new", str(_("Make the feed")), [Section("", inputs)], crumbs=crumbs, cancel=HERE)
    made.hidden = [("kind", kind)]
    made.subtitle = str(
        _("Its entries: the due dates of “{list}”, as you may see them.").format(list=kinds[kind].label)
    )
    return with_problem(made, problem)


def _inputs(x: Context[Any], resource: Resource[Any], typed: Mapping[str, str]) -> list[Input]:
    part = typed.get("part", f"{_TAB}{resource.tabs[0].name}" if resource.tabs else "")
    parts = [Option(f"{_TAB}{tab.name}", str(tab.label), part == f"{_TAB}{tab.name}") for tab in resource.tabs]
    saved = [
        Option(f"{_VIEW}{view.id}", view.name, part == f"{_VIEW}{view.id}", str(_("saved view")))
        for view in views_of(x, resource.kind)
    ]
    scope = x.gate.scope(resource.permission("read"))
    seen = scope.free.union(*(sites for _name, sites in scope.related))
    site = typed.get("site", "")
    places = [Option(n.slug, n.name, n.slug == site) for n in x.snapshot.sites.ordered() if n.id in seen]
    everywhere = Option("", str(_("All my sites")), not site)
    name = typed.get("name", str(resource.label))
    made = [Input("name", str(_("Name")), "line", name, required=True, maxlength=200)]
    if parts or saved:
        made.append(Input("part", str(_("What")), "choice", part, required=bool(parts), options=[*parts, *saved]))
    made.append(Input("site", str(_("Site")), "choice", site, options=[everywhere, *places]))
    return made


async def create(asked: Asked) -> Response:
    asked.params()
    form = await asked.form()
    kind, name = form.get("kind", ""), form.get("name")
    if name is None:  # the first step: which list
        return RedirectResponse(
            f"{HERE}/new?kind={kind}" if kind.replace(".", "").isidentifier() else f"{HERE}/new", 303
        )

    def work(session: Session) -> tuple[str, str]:
        x = _x(asked, session)
        tidy = " ".join(name.split())
        if not tidy or len(tidy) > 200:
            raise Invalid(errors=(FieldError("name", _("Give it a name of at most 200 characters.")),))
        pairs = _chosen(x, kind, form.get("part", ""))
        if site := form.get("site", ""):
            pairs = [*((n, v) for n, v in pairs if n != "site"), ("site", site)]
        feed, secret = make(x, tidy, kind, pairs)
        return feed.name, secret

    try:
        made = await write(asked, work)
    except Invalid as problem:
        wrong = problem
        drawn = await write(asked, lambda session: _form(_x(asked, session), kind, dict(form), wrong))
        return page(asked, "form.html", drawn, problem.status)
    return _told(asked, *made)


def _chosen(x: Context[Any], kind: str, part: str) -> list[tuple[str, str]]:
    """The list's parameters behind a part of it, or behind a saved view as it is now."""
    if part.startswith(_TAB):
        return [("tab", part.removeprefix(_TAB))]
    if part.startswith(_VIEW):
        found = next((view for view in views_of(x, kind) if f"{_VIEW}{view.id}" == part), None)
        if found is None:
            raise Invalid(errors=(FieldError("part", _("is not one of the possible choices")),))
        return list(found.query)
    return []


def _told(asked: Asked, name: str, secret: str) -> Response:
    """The link, this once."""
    scheme = "https" if asked.https else "http"
    address = f"{scheme}://{asked.headers.get(b'host', b'').decode('latin-1')}{link(secret)}"
    shown = AlonePage(
        str(_("The link of “{name}”").format(name=name)),
        subtitle=str(_("Copy it now into your calendar (“subscribe by address”): it is not shown again.")),
        lines=[Line(address, icon="link")],
        text=str(
            _("Whoever knows this link sees these due dates. Give it to nobody; take it back where it got about.")
        ),
        links=[Action(str(_("To my feeds")), HERE, main=True)],
    )
    response = page(asked, "alone.html", shown)
    response.headers["cache-control"] = "no-store"
    return response


async def new_link(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> tuple[str, str]:
        feed, secret = renew(_x(asked, session), asked.uuid())
        return feed.name, secret

    return _told(asked, *await write(asked, work))


async def take_back(asked: Asked) -> Response:
    asked.params()
    name = await write(asked, lambda session: remove(_x(asked, session), asked.uuid()))
    asked.flash(_("“{name}” is removed; its link is dead.").format(name=name))
    return RedirectResponse(HERE, 303)


def standing(x: Context[Any], page: str, subject: Any) -> list[Action | MenuItem]:
    """On lists that have dates: the way to a feed of them. In the menu: one's own feeds."""
    if not x.gate.scope(MAKE):
        return []
    if page == "shell":
        return [MenuItem(str(_("Calendar feeds")), HERE, "cal", group=str(TOOLS))]
    if page.startswith("list:") and isinstance(subject, Resource) and (subject.deadlines or subject.calendar):
        return [Action(str(_("Calendar feed")), f"{HERE}/new?kind={subject.kind}", "cal")]
    return []


ROUTES = (
    PageRoute("", index),
    PageRoute("new", ask),
    PageRoute("new", create, "POST"),
    PageRoute("{id}/renew", new_link, "POST"),
    PageRoute("{id}/remove", take_back, "POST"),
)
