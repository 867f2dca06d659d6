"""What a person finds in the frame of every page: the menu of what they may open, and the tree of their sites.

Made from the registry and the person's gate, and kept per version of the company's snapshot and minute (grants begin
and end at their minute). Owns no page.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from ..errors import BadRequest
from ..words import translator
from .slots import standing
from .views import ADMINISTRATION, TOOLS, MenuGroup, MenuItem, SiteOption

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_REMEMBERED = 2048
HOME = _("Home")
DAILY = _("Daily work")
_FITS = 18  # so many entries are seen at once on a small screen; a longer menu is folded by its headings
_DEEPEST = 5  # how far the tree of sites is indented
ALL_SITES = _("All my sites")

# What administration offers: permission → words, address, icon. The pages themselves are in ``web.admin``.
ADMIN = (
    ("core.people.read", _("People"), "/admin/people", "people"),
    ("core.grants.read", _("Roles per site"), "/admin/grants", "key"),
    ("core.roles.edit", _("Roles"), "/admin/roles", "user"),
    ("core.modules.edit", _("Modules"), "/admin/modules", "mods"),
    ("core.settings.edit", _("Settings"), "/admin/settings", "set"),
    ("core.settings.edit", _("Calendars"), "/admin/calendars", "clock"),
    ("core.settings.edit", _("What gives rise to what"), "/admin/follow-ups", "link"),
    ("core.fields.edit", _("Own fields"), "/admin/fields", "edit"),
    ("core.sites.edit", _("Sites"), "/admin/sites", "site"),
    ("core.schedules.read", _("Schedules"), "/admin/schedules", "cal"),
    ("core.jobs.read", _("Background work"), "/admin/jobs", "inspect"),
    ("core.history.read", _("History"), "/admin/history", "history"),
    ("core.explain", _("Check rights"), "/explain", "search"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The menu as (heading, [(label, address, icon)]); the sites as (id, slug as in an address, name, depth, selectable)."""

    groups: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    sites: tuple[tuple[UUID, str, str, int, bool], ...]
    permitted: frozenset[UUID]
    searched: bool = False  # whether there is anything that this person may search
    slots: dict[str, list[Any]] = field(default_factory=dict)  # what plugins add to pages that stand still


class Frames:
    """The frames of the people who were here lately; what is not used falls out."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Frame] = OrderedDict()

    def of(self, asked: Asked) -> Frame:
        """The frame of the person who asks. :raises Unauthorized: nobody is signed in."""
        person = asked.gate.person
        minute = int(asked.now.timestamp()) // 60
        key = (
            asked.snapshot.tenant,
            asked.snapshot.version,
            person and person.id,
            asked.token_scope,
            asked.locale,
            minute,
        )
        found = self._known.get(key)
        if found is None:
            sites, permitted = _sites(asked)
            shell = standing(asked, "shell")
            groups = _groups(asked, [one for one in shell if isinstance(one, MenuItem)])
            found = self._known[key] = Frame(groups, sites, permitted, _searched(asked), {"shell": shell})
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found


def _searched(asked: Asked) -> bool:
    found = asked.app.registry.resources.values()
    return any(r.module in asked.snapshot.modules and asked.gate.scope(r.permission("read")) for r in found)


def _approves(asked: Asked) -> bool:
    """Whether there is anything that this person could submit, approve or look back at."""
    return any(
        one.flow is not None
        and one.flow.approvals
        and one.module in asked.snapshot.modules
        and asked.gate.scope(one.permission("read"))
        for one in asked.app.registry.resources.values()
    )


def _groups(asked: Asked, more: list[MenuItem]) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    gate, registry = asked.gate, asked.app.registry
    groups: dict[str, list[tuple[str, str, str]]] = {str(DAILY): [(str(HOME), "/", "home")]}
    if _approves(asked):
        groups[str(DAILY)].append((str(_("Approvals")), "/approvals", "check"))
    for resource in registry.resources.values():
        if resource.module in asked.snapshot.modules and gate.scope(resource.permission("read")):
            group = resource.group or registry.modules[resource.module].manifest.group or DAILY
            groups.setdefault(str(group), []).append((str(resource.label), resource.path, resource.icon))
    admin = [(str(label), href, icon) for permission, label, href, icon in ADMIN if gate.scope(permission)]
    if admin:
        groups[str(ADMINISTRATION)] = [
            (str(_("Overview")), "/admin", "todo"),
            *admin,
            *groups.get(str(ADMINISTRATION), ()),
        ]
    for one in more:
        groups.setdefault(one.group or str(DAILY), []).append((one.label, one.href, one.icon))
    last = [str(TOOLS), str(ADMINISTRATION)]  # daily work and what modules head themselves stand above
    ordered = sorted(groups, key=lambda label: last.index(label) if label in last else -1)
    return tuple((label, tuple(groups[label])) for label in ordered)


def _sites(asked: Asked) -> tuple[tuple[tuple[UUID, str, str, int, bool], ...], frozenset[UUID]]:
    snapshot, person = asked.snapshot, asked.gate.person
    permitted: set[UUID] = set()
    for grant in snapshot.grants_of(person.id) if person else ():
        if grant.live(asked.now):
            permitted |= snapshot.sites.subtree(grant.site) & snapshot.sites.open
    shown = {above for site in permitted for above in snapshot.sites.ancestors(site)}
    return (
        tuple(
            (n.id, quote_plus(n.slug), n.name, min(n.depth, _DEEPEST), n.id in permitted)
            for n in snapshot.sites.ordered()
            if n.id in shown
        ),
        frozenset(permitted),
    )


def _entry(path: str, frame: Frame) -> str:
    """The address of the entry that a path lies at or below; of several the nearest, of none empty."""
    hrefs = [href for _label, items in frame.groups for _text, href, _icon in items]
    below = [href for href in hrefs if path == href or (href != "/" and path.startswith(href + "/"))]
    return max(below, key=len, default="")


def menu(asked: Asked, frame: Frame, above: str = "") -> tuple[list[MenuGroup], str]:
    """The menu for this page, and the label of where the person is. The chosen site goes along to every address.

    A long menu is folded by its headings; the daily work and the group that the person is in stand open.

    :param above: the list that a page belongs to, for one whose own address lies below no entry.
    """
    nodes = asked.snapshot.sites
    tail = f"?site={nodes.node(asked.site).slug}" if asked.site else ""
    current = _entry(asked.path, frame) or _entry(above, frame)
    where = ""
    groups = []
    long = sum(len(items) for _label, items in frame.groups) > _FITS
    for place, (label, items) in enumerate(frame.groups):
        made = []
        for text, href, icon in items:
            if href == current:
                where = text
            made.append(MenuItem(text, href + tail, icon, href == current))
        here = any(one.current for one in made)
        groups.append(MenuGroup(label, made, folds=long and place > 0, open=here or not long))
    return groups, where


def sites(asked: Asked, frame: Frame) -> tuple[list[SiteOption], str]:
    """The site switcher for this page: the same address with another ``?site=``, and what is chosen now."""
    try:
        kept = [(k, v) for k, v in asked.query.multi_items() if k not in ("site", "after")]
    except BadRequest:  # this is the page that says so
        kept = []
    path = asked.path if asked.method in ("GET", "HEAD") else "/"
    rest, here = urlencode(kept), asked.site
    label, before, after = str(ALL_SITES), f"{path}?site=", f"&{rest}" if rest else ""
    options = [SiteOption(label, f"{path}?{rest}" if rest else path, 0, here is None)]
    for id, slug, name, depth, selectable in frame.sites:  # of each page: a company has hundreds
        current = id is here or id == here
        if current:
            label = name
        options.append(SiteOption(name, f"{before}{slug}{after}", depth, current, selectable))
    return options, label
