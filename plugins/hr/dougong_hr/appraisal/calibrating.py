"""A round's ratings held against each other: how grades are spread, how far each superior lies from the mean.

One question to the database, of the ratings alone that its reader may see; sums are of integers, means are made at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from .choices import Grade, RatingState
from .records import Rating, Round

FAR = 500  # hundredths of a point from the mean: worth a word
GRADES = tuple(Grade)


@dataclass
class Spread:
    """Ratings of a group. Totals in hundredths of a point."""

    count: int = 0
    sum: int = 0
    least: int = 10_000
    most: int = 0
    grades: dict[Grade, int] = field(default_factory=dict)

    @property
    def mean(self) -> int | None:
        """In hundredths of a point, half of one rounded up; None: nobody is rated."""
        return (2 * self.sum + self.count) // (2 * self.count) if self.count else None

    def off(self, all: Spread) -> int | None:
        """How far its mean lies from that of all, in hundredths of a point."""
        return None if self.mean is None or all.mean is None else self.mean - all.mean

    def add(self, row: Row) -> None:
        self.count, self.sum = self.count + row.count, self.sum + row.sum
        self.least, self.most = min(self.least, row.least), max(self.most, row.most)
        self.grades[row.grade] = self.grades.get(row.grade, 0) + row.count


@dataclass(frozen=True, slots=True)
class Row:
    """What the database counts."""

    department: str
    site: UUID
    rater: UUID | None
    grade: Grade
    count: int
    sum: int
    least: int
    most: int


@dataclass(frozen=True)
class Calibration:
    """:ivar open: ratings that are still to be given."""

    all: Spread
    departments: dict[str, Spread]
    sites: dict[UUID, Spread]
    raters: dict[UUID | None, Spread]
    open: int


def read(x: Context[Any], r: Round) -> Calibration:
    """The ratings of a round as this person may see them."""
    mine = x.readable(Rating).where(Rating.round_id == r.id, Rating.status != RatingState.DROPPED)
    asked = (Rating.department, Rating.site_id, Rating.rater_id, Rating.grade)
    counted = (sa.func.count(), sa.func.sum(Rating.total), sa.func.min(Rating.total), sa.func.max(Rating.total))
    query = mine.where(Rating.total.is_not(None)).with_only_columns(*asked, *counted).group_by(*asked)
    rows = [Row(*(row[:4]), *map(int, row[4:])) for row in map(tuple[Any, ...], x.session.execute(query))]
    open_ones = mine.where(Rating.total.is_(None)).with_only_columns(sa.func.count())
    whole = Spread()
    for row in rows:
        whole.add(row)
    return Calibration(
        whole,
        _by(rows, lambda row: row.department),
        _by(rows, lambda row: row.site),
        _by(rows, lambda row: row.rater),
        int(x.session.scalar(open_ones) or 0),
    )


def _by(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, Spread]:
    found: dict[Any, Spread] = {}
    for row in rows:
        found.setdefault(key(row), Spread()).add(row)
    return found


__all__ = ["FAR", "GRADES", "Calibration", "Spread", "read"]
