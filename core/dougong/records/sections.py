"""What a module says in a report upwards (a site's week or month): a sentence, figures, a small table.

Owns the declaration only. Which reports there are, who gets them and that figures are frozen is the business of whichever
module writes reports (``plugins/tasks``); a module knows nothing of it but this class.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..words import Lazy

if TYPE_CHECKING:
    from .context import Context

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_FIGURES, MOST_ROWS, MOST_COLUMNS = 12, 30, 6


@dataclass(frozen=True)
class SectionFigure:
    """One figure of a section, as it is frozen when the report is submitted.

    :param value: as it stands there; a ``str`` is shown as it is (an amount of money in words, a date).
    :param unit: behind the number. :param href: address of the list that holds the rows it counted, from ``/``; whoever follows
        it sees those of them that they may see. Empty: there is none.
    :param client: whether it may go to the client, too. Costs, salaries and names never do.
    :param alarm: a figure above zero is bad news.
    """

    label: str
    value: int | Decimal | str
    unit: str = ""
    href: str = ""
    client: bool = False
    alarm: bool = False


@dataclass(frozen=True)
class SectionContent:
    """What a section says of some sites and a period.

    :param sentence: the section in one sentence. It goes to the client where the section does: it names nobody and no cost.
    :param figures: at most 12. :param headings: of the table's columns, at most 6. :param rows: of the table, at most 30; they
        never go to the client. What is beyond is left out.
    :param client: whether the section goes to the client, with those of its figures that are marked likewise.
    """

    sentence: str = ""
    figures: Sequence[SectionFigure] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    client: bool = False


@dataclass(frozen=True)
class Section:
    """What a module contributes to every report upwards. Contributed by ``dougong_contributions``; while the module is off, new
    reports have no such section, and those that were submitted keep theirs.

    :param name: stable slug, unique within the module. :param label: its heading.
    :param fill: called as ``fill(x, site_ids, start, end)`` with the rights of the report's author, in whatever language the
        report is written: ``site_ids`` holds the report's own site first, then all below it; ``start`` and ``end`` are aware
        moments, ``end`` exclusive. It only reads, with ``x.readable`` or ``figures_within``. None: there is nothing to say.
    :param order: where it stands among the others; the smaller, the earlier.
    """

    name: str
    label: Lazy
    fill: Callable[[Context[Any], Sequence[UUID], dt.datetime, dt.datetime], SectionContent | None]
    order: int = 50

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a section")


__all__ = ["MOST_COLUMNS", "MOST_FIGURES", "MOST_ROWS", "Section", "SectionContent", "SectionFigure"]
