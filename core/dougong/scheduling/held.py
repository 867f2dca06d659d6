"""A company's calendars as its settings say them, and which of them holds where: for a post at a site, for the site, for the
company.

Owns the order in which uses are looked at, and what was found, kept for one version of the company. Computes no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from ..tenancy.hours import ALWAYS, DEFAULT, CalendarUse, CoreCalendar, NamedCalendar
from ..tenancy.settings import CoreSettings
from ..tenancy.sites import SiteTree
from .calendars import Calendar, always

if TYPE_CHECKING:
    from ..access.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule that is asked, the nearest first. ``use`` None: nothing was set, the company's own hours hold."""

    slug: str
    use: CalendarUse | None


class Calendars:
    """A company's calendars at one version. Safe to share between threads: what it remembers is only ever added.

    :param settings: the company's own. :param sites: its tree.
    """

    def __init__(self, settings: CoreSettings, sites: SiteTree) -> None:
        self.settings, self.sites = settings, sites
        self._uses: dict[tuple[str | None, str | None], CalendarUse] = {
            (one.site, one.post): one for one in settings.calendar_uses if one.calendar in settings.calendars
        }
        self._known: dict[tuple[UUID | None, str | None, str | None], Calendar] = {}

    def at(self, site: UUID | None, *, post: str | None = None, name: str | None = None) -> Calendar:
        """The calendar of a site in its time zone.

        :param site: None: the company itself.
        :param post: slug of a role: the calendar of that post there.
        :param name: slug of a calendar, ``default`` (the company's own) or ``always`` (round the clock), whatever holds at the
            site; one that the company no longer has: what holds at the site.
        :raises KeyError: no such site in this company.
        """
        key = (site, post, name)
        found = self._known.get(key)
        if found is None:
            slug = name if name in (DEFAULT, ALWAYS) or name in self.settings.calendars else None
            found = self._known[key] = self._made(slug or self.holding(site, post).slug, site)
        return found

    def _made(self, slug: str, site: UUID | None) -> Calendar:
        return calendar_for(self.settings, self.sites.node(site or self.sites.root).timezone, slug)

    def holding(self, site: UUID | None, post: str | None = None) -> Candidate:
        """What holds for a site, or a post there, and by which rule."""
        return self.candidates(site, post)[0]

    def candidates(self, site: UUID | None, post: str | None = None) -> list[Candidate]:
        """All rules that speak of a place, the one that holds first.

        A rule for the post goes before one for everybody; of each sort the nearest site goes first, and the whole company
        last. The company's own hours are what is left.
        """
        line = [self.sites.node(id).slug for id in self.sites.ancestors(site or self.sites.root)]
        asked: list[tuple[str | None, str | None]] = [(slug, post) for slug in (*line, None)] if post else []
        asked += [(slug, None) for slug in line]
        uses = [self._uses[place] for place in asked if place in self._uses]
        return [*(Candidate(one.calendar, one) for one in uses), Candidate(DEFAULT, None)]


def calendar_for(settings: CoreSettings, zone: str, slug: str = DEFAULT) -> Calendar:
    """A calendar of a company in a zone. Companies with the same hours share it.

    :param slug: as of ``Calendars.at``. :raises KeyError: there is none of that name. :raises CalendarError: unknown zone.
    """
    if slug == DEFAULT:
        return _own(settings.calendar, zone)
    found = settings.calendars[slug] if slug != ALWAYS else None
    if found is None or found.kind == "always":
        return always(zone)
    return _named(found, settings.calendar if found.public_holidays else None, zone)


@lru_cache(maxsize=512)
def _own(own: CoreCalendar, zone: str) -> Calendar:
    return Calendar(zone, own.week(), own.public_holidays, frozenset(own.days_off), frozenset(own.working_days))


@lru_cache(maxsize=512)
def _named(own: NamedCalendar, company: CoreCalendar | None, zone: str) -> Calendar:
    off, on = frozenset(own.days_off), frozenset(own.working_days)
    # The company's own table holds with the public holidays; what the calendar says itself goes first.
    if company is not None:
        off, on = off | (frozenset(company.days_off) - on), on | (frozenset(company.working_days) - off)
    return Calendar(zone, own.week(), own.public_holidays, off, on, own.rota())


def calendar_of(
    snapshot: Snapshot, site: UUID | None, *, always: bool = False, post: str | None = None, name: str | None = None
) -> Calendar:
    """The calendar of a site for code that has no context; see ``Calendars.at``. Costs a look-up after the first time.

    :param always: round the clock in the site's time zone, whatever is set.
    """
    return snapshot.calendars.at(site, post=post, name=ALWAYS if always else name)


__all__ = ["Calendars", "Candidate", "calendar_for", "calendar_of"]
