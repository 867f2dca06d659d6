"""The grid's rows drawn: accounts down, months across. Cells are written here rather than in the template: a grid has
thousands of them, and they hold nothing but figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dougong import translator
from markupsafe import Markup

from . import ledger
from .ledger import Months
from .reading import yuan
from .records import Account

_ = translator("dougong_budgeting")
NOTHING = Months([0] * 12, [0] * 12, [0] * 12)


@dataclass(slots=True)
class GridRow:
    """An account. ``pieces``: its twelve months as they stand in the table; ``texts`` and ``versions``: for a month's form.

    ``before``: the months of the year before, with commas between them and spaces for separators.
    """

    id: str
    name: str
    path: str
    depth: int
    leaf: bool
    direction: str
    pieces: list[str]
    texts: list[str]
    versions: list[int]
    total: str
    basis: str = ""
    before: str = ""

    def cells(self, first: int = 0, last: int = 12) -> Markup:
        """Some of the months. What is marked as safe holds figures only: ``yuan`` of integers, and versions."""
        return Markup("".join(self.pieces[first:last]))  # noqa: S704


def rows(
    found: Sequence[Account], every: Mapping[UUID, list[int]], kept: Mapping[UUID, Months], past: Mapping[UUID, Sequence[int]],
    month: int,
) -> list[GridRow]:  # fmt: skip
    """:param every: sums of every account. :param past: the year before, by account. :param month: the one that phones show."""
    own = {one.id for one in ledger.leaves(found)}
    depth: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    out = []
    for one in found:
        id, above = one.id, names.get(one.parent_id) if one.parent_id else None
        depth[id] = depth.get(one.parent_id, -1) + 1 if one.parent_id else 0
        names[id] = f"{above} / {one.name}" if above else one.name
        leaf, amounts = id in own, every[id]
        texts = [yuan(amount) for amount in amounts]
        months = kept.get(id, NOTHING) if leaf else NOTHING
        row = GridRow(
            str(id), one.name, names[id], depth[id], leaf, one.direction.value,
            _cells(texts, amounts, months, month) if leaf else _sums(texts, month), texts, months.versions, yuan(sum(amounts)),
        )  # fmt: skip
        if leaf and id in past:
            row.before = ",".join(yuan(amount).replace(",", " ") for amount in past[id])
        out.append(row)
    return out


def _sums(texts: Sequence[str], show: int) -> list[str]:
    return [f'<td class="show">{text}</td>' if n == show else f"<td>{text}</td>" for n, text in enumerate(texts, 1)]


def _cells(texts: Sequence[str], amounts: Sequence[int], kept: Months, show: int) -> list[str]:
    out = []
    for n, text in enumerate(texts):
        version, first = kept.versions[n], kept.firsts[n]
        seen = f' data-v="{version}"' if version else ""
        if version and first != amounts[n]:
            which = "edit show" if n + 1 == show else "edit"
            seen += f' data-o="{yuan(first, "0")}" class="{which}"'
        elif n + 1 == show:
            seen += ' class="show"'
        out.append(f"<td{seen}>{text}</td>")
    return out


__all__ = ["NOTHING", "GridRow", "rows"]
