"""The company's calendars: which there are, where each holds, and why the one that holds somewhere does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ...access import calendars as services
from ...errors import NotFound
from ...scheduling import holidays
from ...tenancy.hours import DEFAULT
from ...tenancy.settings import CoreSettings
from ...words import translator
from .. import display
from ..pages import company, page
from ..signin import redirect
from ..views import Action, Card, CardsPage, Flash, FormPage, Input, Line, Section, Value, WorkCalendarPage
from .calendar_words import EDIT, EVERYBODY, EVERYWHERE, PATH, TITLE, name_of, place_of, summary
from .common import REFUSED, at_desk, crumbs, form_page, indented, need_whole, options

if TYPE_CHECKING:
    from ...errors import Problem
    from ..requests import Asked, Values

_ = translator("dougong")

NOBODY = "-"  # stands for “no site” or “no post” in an address
_ORDER = _(
    "A post's own calendar goes first, then that of the site; of each the nearest site up the tree. "
    "Where nothing is set, the company's own hours hold."
)


async def index(asked: Asked) -> Response:
    """``GET /admin/calendars``."""
    need_whole(asked, EDIT)
    asked.params()
    own = company(asked)
    lines = [Line(name_of(own, DEFAULT), summary(own.calendar), f"{PATH}/{DEFAULT}", "cal", _tag(own, DEFAULT))]
    for slug, one in sorted(own.calendars.items(), key=lambda pair: pair[1].name):
        lines.append(Line(one.name, summary(one), f"{PATH}/{slug}", "cal", _tag(own, slug)))
    uses = use_lines(asked, own)
    made = CardsPage(
        str(TITLE),
        [
            Card(str(TITLE), lines, count=len(lines)),
            Card(
                str(_("Where they hold")),
                uses,
                count=len(uses),
                text=str(_ORDER),
                empty=str(_("The company's own hours hold everywhere.")),
                more=Action(str(_("Let a calendar hold")), f"{PATH}/uses/new", "plus"),
            ),
        ],
        subtitle=str(_("Working hours, shifts and days off. Due times and schedules go by them.")),
        crumbs=crumbs((TITLE, None)),
        actions=[
            Action(str(_("Add a calendar")), f"{PATH}/new", "plus", main=True),
            Action(str(_("What holds where?")), f"{PATH}/holds", "search"),
        ],
    )
    if not holidays.official(asked.now.year + 1) and asked.now.month >= 11:
        said = _("The notice of public holidays for {year} is not known to the platform yet.").format(
            year=asked.now.year + 1
        )
        made.cards[0].text = str(said)
    return page(asked, "cards.html", made, primary=made.actions[0])


def _tag(own: CoreSettings, slug: str) -> Value | None:
    if slug == DEFAULT:
        return Value("tag", str(_("default")), tone="info")
    count = sum(use.calendar == slug for use in own.calendar_uses)
    return None if count else Value("tag", str(_("holds nowhere")), tone="warn")


def use_lines(asked: Asked, own: CoreSettings, slug: str | None = None) -> list[Line]:
    """Where calendars hold, in the order of the tree, each with a button that takes it away. :param slug: of this one only."""
    places = {node.slug: n for n, node in enumerate(asked.snapshot.sites.ordered())}
    found = [use for use in own.calendar_uses if slug in (None, use.calendar)]
    found.sort(key=lambda use: (places.get(use.site or "", -1), use.post or ""))
    made = []
    for use in found:
        away = f"{PATH}/uses/{use.site or NOBODY}/{use.post or NOBODY}/remove"
        where, small = place_of(asked.snapshot, use), "" if slug else name_of(own, use.calendar)
        made.append(Line(where, small, icon="site", actions=[Action(str(_("Take away")), away, post=True)]))
    return made


# ---- where one holds --------------------------------------------------------------------------------


def _place_inputs(asked: Asked, site: str, post: str) -> list[Input]:
    nodes = asked.snapshot.sites.ordered()
    roles = sorted(asked.snapshot.roles.values(), key=lambda role: (-role.level, role.label))
    return [
        Input(
            "place", str(_("Site")), "choice", site,
            help=str(_("It holds there and at all sites below. Empty: the whole company.")),
            options=options([(n.slug, indented(n, nodes)) for n in nodes], site),
        ),
        Input(
            "post", str(_("Post")), "choice", post, help=str(_("Empty: for everybody.")),
            options=options([(role.slug, role.label) for role in roles], post),
        ),
    ]  # fmt: skip


def _use_form(asked: Asked, sent: Values | dict[str, str]) -> FormPage:
    own = company(asked)
    chosen = sent.get("calendar", "")
    known = options([(slug, one.name) for slug, one in own.calendars.items()], chosen)
    first = Input("calendar", str(_("Calendar")), "choice", chosen, required=True, options=known)
    if not known:
        first.help = str(_("There is none yet: add a calendar first."))
    return FormPage(
        str(_("Let a calendar hold")),
        f"{PATH}/uses/new",
        str(_("Save")),
        [Section("", [first, *_place_inputs(asked, sent.get("place", ""), sent.get("post", ""))])],
        crumbs=crumbs((TITLE, PATH), (_("Let a calendar hold"), None)),
        subtitle=str(_("What was set for the same place before is replaced.")),
        cancel=PATH,
    )


async def new_use(asked: Asked) -> Response:
    """``GET /admin/calendars/uses/new``; the address may fill it in."""
    need_whole(asked, EDIT)
    sent = asked.params(("calendar", "place", "post"))
    return form_page(asked, _use_form(asked, sent))


async def create_use(asked: Asked) -> Response:
    """``POST /admin/calendars/uses/new``."""
    need_whole(asked, EDIT)
    asked.params()
    form = await asked.form()
    place, post, slug = (form.get(name, "").strip() for name in ("place", "post", "calendar"))
    try:
        await at_desk(asked, lambda desk: services.put_use(desk, place or None, post or None, slug))
    except REFUSED as problem:
        return form_page(asked, _use_form(asked, form), _placed(problem))
    asked.flash(_("Saved. Due times and schedules follow within seconds."))
    return redirect(PATH)


def _placed(problem: Problem) -> Problem:
    problem.errors = tuple(type(e)("place" if e.path == "site" else e.path, e.message) for e in problem.errors)
    return problem


async def remove_use(asked: Asked) -> Response:
    """``POST /admin/calendars/uses/<site>/<post>/remove``."""
    need_whole(asked, EDIT)
    asked.params()
    place, post = (None if (one := asked.path_params[name]) == NOBODY else one for name in ("place", "post"))
    await at_desk(asked, lambda desk: services.put_use(desk, place, post, None))
    asked.flash(_("Taken away. Due times and schedules follow within seconds."))
    return redirect(PATH)


# ---- why --------------------------------------------------------------------------------------------


async def holds(asked: Asked) -> Response:
    """``GET /admin/calendars/holds``: ``?place=`` (a site) and ``?post=``: what holds there, and which rules were asked."""
    need_whole(asked, EDIT)
    sent = asked.params(("place", "post"))
    place, post = sent.get("place", ""), sent.get("post", "")
    tree, own = asked.snapshot.sites, company(asked)
    node = tree.by_slug.get(place) if place else tree.node(tree.root)
    if node is None or (post and post not in asked.snapshot.roles):
        raise NotFound
    lines = []
    for number, one in enumerate(asked.snapshot.calendars.candidates(node.id, post or None)):
        end = Value("tag", str(_("Not asked any more") if number else _("It holds")), tone="" if number else "good")
        lines.append(Line(name_of(own, one.slug), place_of(asked.snapshot, one.use), f"{PATH}/{one.slug}", "cal", end))
    title = str(_("What holds where?"))
    form = FormPage(title, f"{PATH}/holds", str(_("Look")), [Section("", _place_inputs(asked, node.slug, post))])
    for asks in form.sections[0].inputs:
        asks.help = ""
    who = asked.snapshot.roles[post].label if post else str(EVERYBODY)
    where = f"{node.name if place else EVERYWHERE} · {who}"
    said = _("{place}: {calendar}, {zone}.").format(place=where, calendar=lines[0].text, zone=display.clock_of(node.timezone))
    made = WorkCalendarPage(
        title,
        crumbs=crumbs((TITLE, PATH), (title, None)),
        subtitle=str(_ORDER),
        form=form,
        answer=Flash("info", str(said)),
        cards=[Card(str(_("Which rules speak of it, the first one holds")), lines)],
    )
    return page(asked, "workcalendar.html", made)
