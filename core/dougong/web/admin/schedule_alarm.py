"""The alarm of missed runs: what failed or was missed lately and was not made good, for the start pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...timing import schedule_desk
from ...timing.schedule_desk import ALARMED
from ...timing.schedules import READ
from ...words import Lazy, plural, translator
from ..requests import write
from ..views import Card, Line, Value
from .common import address, zone_of
from .schedule_words import RUNS, STATES

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_SAID: tuple[tuple[str, Lazy, Lazy], ...] = (
    ("failed", _("{n} run failed"), _("{n} runs failed")),
    ("missed", _("{n} run was missed"), _("{n} runs were missed")),
)


async def alarm(asked: Asked) -> list[Card]:
    """One card where something is to be looked at, for whoever sees schedules; asked of the database now and then only."""
    if not asked.gate.scope(READ):
        return []

    async def count() -> dict[str, int]:
        return await write(asked, lambda session: schedule_desk.alarms(asked.context(session), asked.site))

    found = await asked.app.dashboards.kept(asked, "schedules", count)
    if not found:
        return []
    since = (asked.now - ALARMED).astimezone(zone_of(asked, asked.site)).date().isoformat()
    site = asked.snapshot.sites.node(asked.site).slug if asked.site else None
    lines = [
        Line(
            str(plural(one, many, found[state])), str(_("within the last {n} days").format(n=ALARMED.days)),
            address(RUNS, {"state": state, "at.from": since, "site": site}), "warn",
            Value("tag", str(STATES[state][0]), tone=STATES[state][1]),
        )
        for state, one, many in _SAID
        if found.get(state)
    ]  # fmt: skip
    return [Card(str(_("Schedules")), lines, count=sum(found.values()), tone="bad")]


__all__ = ["alarm"]
