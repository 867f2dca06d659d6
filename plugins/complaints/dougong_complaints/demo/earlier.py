"""The months before, so that reports have something to compare with: small cases that were dealt with and closed.

A quarter of them goes the whole way, the others were settled on the spot.
"""

from __future__ import annotations

from .plots import AGENT, LEAD, SOLVED, Plot, begun, heard, s

_DAY = 24.0
_SPOT = (
    "当场解释收费标准并打印明细",
    "当场联系车主挪车",
    "当场安排保洁清理",
    "当场重启门禁，读卡恢复",
    "当场制止并登记装修时段",
)
_HEARD = (("satisfied", "处理及时"), ("fairly_satisfied", "可以，希望再快些"), ("satisfied", "态度好"))


def _whole(age: float, took: float, which: int) -> Plot:
    result, comment = _HEARD[which % len(_HEARD)]
    return Plot(
        age,
        (
            *begun(age),
            s(age - took, "trade", "resolve", **SOLVED),
            heard(age - took - 20, result, comment),
            s(age - took - 22, LEAD, "close"),
        ),
    )


def _spot(age: float, which: int) -> Plot:
    solution, (result, comment) = _SPOT[which % len(_SPOT)], _HEARD[which % len(_HEARD)]
    return Plot(
        age,
        (
            s(age, AGENT, "on_the_spot", cause="communication", solution=solution),
            heard(age - 20, result, comment),
            s(age - 24, LEAD, "close"),
        ),
        channel="on_site",
    )


def months(much: bool) -> tuple[Plot, ...]:
    """Plots of the three months before this one, for one site: a little fewer each month. :param much: it is the one shown."""
    made: list[Plot] = []
    for back, count in ((3, 12), (2, 11), (1, 9)) if much else ((3, 4), (2, 4), (1, 3)):
        for n in range(count):
            age = (back * 30 + 1 + n * 28 / count) * _DAY
            made.append(_whole(age, 20 + 11 * n, n + back) if n % 4 == 0 else _spot(age, n + back))
    return tuple(made)
