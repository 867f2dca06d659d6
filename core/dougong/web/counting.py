"""How many there are, on pages: counts of tabs and states, in one statement beside the rows.

Where somebody sees many records, counting all would take as long as there are: then each number ends where it is said as
"999+", at the price of one more read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..records import reads
from .requests import read

if TYPE_CHECKING:
    from ..tenancy.cells import Compiled
    from .plans import Plan
    from .requests import Asked


_REMEMBERED = 4096
# Who saw many rows where: they are asked for the counts one by one at once. Both ways count tabs the same, up to where they end.
CROWDED: set[tuple[UUID, UUID | None, str, UUID | None]] = set()


class Counting:
    """The counts of one list for one request. :param states: as ``reads.counts``."""

    def __init__(self, asked: Asked, plan: Plan, site: UUID | None, *, states: str | None = None) -> None:
        self._asked, self._counts = asked, reads.counts(plan.resource, asked.gate, site, states=states)
        person = asked.gate.person
        self._key = (asked.snapshot.tenant, person.id if person else None, plan.kind, site)
        self._crowded = self._key in CROWDED

    @property
    def query(self) -> tuple[Compiled, Mapping[str, Any]]:
        """For ``read_all``."""
        return self._counts.each if self._crowded else self._counts.query, self._counts.given

    async def told(self, row: Mapping[str, Any]) -> dict[str, int]:
        """The counts by name, from the row of ``query``: those of tabs, and those of states where rows are few. They are to
        be said by ``many``."""
        if not self._crowded and row[reads.TOTAL] > reads.PASSED:
            if len(CROWDED) >= _REMEMBERED:
                CROWDED.clear()
            CROWDED.add(self._key)
            row = (await read(self._asked, self._counts.each, **self._counts.given))[0]
        return {name: number for name, number in row.items() if name != reads.TOTAL}


def many(number: int) -> str:
    """A count as people read it: beyond a thousand it says no more than that."""
    return str(number) if number < reads.COUNTED else f"{reads.COUNTED - 1}+"


__all__ = ["Counting", "many"]
