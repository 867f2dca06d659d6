"""The administration's common words: statuses, grants and sites as they are said on several pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from ...access.snapshot import GrantView, Snapshot
from ...words import Lazy, translator
from ..display import stamp
from ..views import Value

if TYPE_CHECKING:
    from ...plugins.registry import Registry
    from ..requests import Asked

_ = translator("dougong")

ENDS_SOON = dt.timedelta(days=30)
STATUSES: dict[str, tuple[Lazy, str]] = {
    "active": (_("Active"), "good"),
    "invited": (_("Invited"), "info"),
    "disabled": (_("Disabled"), "bad"),
}
SITE_TYPES: dict[str, Lazy] = {"company": _("Company"), "region": _("Region"), "project": _("Project")}
LOCATION_TYPES: dict[str, Lazy] = {
    "building": _("Building"),
    "floor": _("Floor"),
    "room": _("Room"),
    "point": _("Point"),
}
COMMA, ALSO = _(", "), _("; ")
RELATIONS: dict[str, Lazy] = {
    "mine": _("only what is theirs"),
    "raised": _("only what they raised, or what is made for them"),
}


def also(*parts: str) -> str:
    """Those parts that say something, one after the other."""
    return str(ALSO).join(part for part in parts if part)


def status(of: str) -> Value:
    label, tone = STATUSES[of]
    return Value("tag", str(label), tone=tone)


def person_name(snapshot: Snapshot, id: UUID) -> str:
    found = snapshot.people.get(id)
    return found.name if found else str(_("A former colleague"))


def role_name(snapshot: Snapshot, slug: str) -> str:
    found = snapshot.roles.get(slug)
    return found.label if found else slug


def site_name(snapshot: Snapshot, id: UUID) -> str:
    node = snapshot.sites.get(id)
    return node.name if node else str(id)


def relation(name: str, registry: Registry) -> str:
    """A relation as people say it: in the platform's words, else in those of a module that declares it; one without is named."""
    said = (r.relation_words[name] for r in registry.resources.values() if name in r.relation_words)
    return str(RELATIONS.get(name) or next(said, None) or _("only where: {relation}").format(relation=name))


def span_of(grant: GrantView, zone: ZoneInfo) -> str:
    """From and until of a grant, in words; empty for one that is open at both ends."""
    parts = []
    if grant.starts is not None:
        parts.append(str(_("from {when}").format(when=stamp(grant.starts, zone))))
    if grant.ends is not None:
        parts.append(str(_("until {when}").format(when=stamp(grant.ends, zone))))
    return str(COMMA).join(parts)


def tone_of(grant: GrantView, now: dt.datetime) -> str:
    """``ended`` | ``future`` | ``soon`` | ``related`` | empty, as ``views.MatrixChip`` has it."""
    if grant.ends is not None and grant.ends <= now:
        return "ended"
    if grant.starts is not None and grant.starts > now:
        return "future"
    if grant.ends is not None and grant.ends - now < ENDS_SOON:
        return "soon"
    return "related" if grant.relation else ""


def state_of(grant: GrantView, asked: Asked) -> Value:
    """Whether a grant holds now, as a value for the end of a line."""
    words = {
        "ended": (_("ended"), "bad"),
        "future": (_("not yet"), "info"),
        "soon": (_("ends soon"), "warn"),
        "related": (_("limited"), "info"),
        "": (_("holds"), "good"),
    }
    text, tone = words[tone_of(grant, asked.now)]
    return Value("tag", str(text), tone=tone)


def grouped(labels: list[str]) -> str:
    """Labels of the form “what: step” with each “what” said once."""
    colon, comma = str(_(": ")), str(COMMA)
    steps: dict[str, list[str]] = {}
    for label in labels:
        what, found, step = label.partition(colon)
        steps.setdefault(what if found else "", []).append(step if found else label)
    return str(ALSO).join(
        f"{what}{colon}{comma.join(held)}" if what else comma.join(held) for what, held in steps.items()
    )


def places(snapshot: Snapshot, sites: frozenset[UUID]) -> list[str]:
    """A set of sites in the fewest names: the topmost of each subtree that is wholly in it."""
    tree, open_sites = snapshot.sites, snapshot.sites.open
    found: list[str] = []
    covered: set[UUID] = set()
    for node in tree.ordered():
        whole = tree.subtree(node.id) & open_sites
        if node.id in covered or node.id not in sites:
            continue
        if whole <= sites:
            covered |= whole
            found.append(str(_("{site} and below").format(site=node.name)) if len(whole) > 1 else node.name)
        else:
            covered.add(node.id)
            found.append(node.name)
    return found
