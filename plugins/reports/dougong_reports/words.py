"""Figures in words: numbers, shares, spans of time, money, and how one figure stands to another."""

from __future__ import annotations

import datetime as dt

from dougong import FigureGroup, Grouping, Lazy, Measure, translator

_ = translator("dougong_reports")

NOTHING = "–"
SMALL = 10  # below that a change in percent says more than there is
MONTHS = (
    _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
)  # fmt: skip
_DAYS_HOURS, _HOURS_MINUTES, _MINUTES = _("{d} d {h} h"), _("{h} h {m} min"), _("{m} min")
_FEWER, _MORE, _SAME = _("{n} fewer than {before}"), _("{n} more than {before}"), _("as many as {before}")
_FEWER_SHARE, _MORE_SHARE = _("{n}% fewer than {before}"), _("{n}% more than {before}")
_NONE_BEFORE = _("none in {before}")
_YEAR = _("{year}")
_MONTH = _("{month} {year}")
_WEEK = _("Week of {day}")


def figure(measure: Measure, value: float | None) -> str:
    """The number as it is read, without its unit."""
    if value is None:
        return NOTHING
    match measure.kind:
        case "percent" | "per_thousand" | "rating":
            return f"{value:,.1f}"
        case "duration":
            return span(value)
        case "money":
            return f"{'-' if value < 0 else ''}¥ {abs(value) / 100:,.2f}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def unit(measure: Measure) -> str:
    """What stands small behind the number."""
    return "%" if measure.kind == "percent" else str(measure.unit or "")


def band(measure: Measure, value: float | None) -> tuple[str, str]:
    """Number and unit as they stand large in a band of figures; a span of time in one unit, money in whole yuan."""
    if measure.kind == "duration" and value is not None:
        hours = value / 3600
        return (f"{hours / 24:,.1f}", str(_("days"))) if hours >= 48 else (f"{hours:,.1f}", str(_("hours")))
    if measure.kind == "money" and value is not None:
        return f"{value / 100:,.0f}", str(_("yuan"))  # fen stand in the table below
    return figure(measure, value), unit(measure)


def whole(measure: Measure, value: float | None) -> str:
    """The number with its percent sign, for tables, sentences and labels."""
    return f"{figure(measure, value)}%" if measure.kind == "percent" and value is not None else figure(measure, value)


def short(measure: Measure, value: float | None) -> str:
    """The number as it stands at a column or bar, where there is room for six signs: money in ten thousand yuan (万元)."""
    if measure.kind != "money" or value is None:
        return whole(measure, value)
    wan = value / 1_000_000
    return f"{wan:,.1f}" if abs(wan) >= 10 or not wan else f"{wan:,.2f}"


def titled(title: str, measure: Measure) -> str:
    """A chart's title, with the unit of its numbers where that is not the measure's own."""
    return str(_("{title}, in 10,000 yuan").format(title=title)) if measure.kind == "money" else title


def span(seconds: float) -> str:
    """``2 d 3 h``, ``3 h 20 min``, ``12 min``."""
    minutes = round(abs(seconds) / 60)
    days, hours = minutes // 1440, minutes // 60
    sign = "-" if seconds < 0 else ""
    if days:
        return sign + str(_DAYS_HOURS.format(d=days, h=round(minutes / 60) - days * 24))
    return sign + str(_HOURS_MINUTES.format(h=hours, m=minutes % 60) if hours else _MINUTES.format(m=minutes))


def compared(now: float, before: float, words: str) -> Lazy:
    """How a count stands to the one before: in percent, or in numbers where there are few."""
    if before == 0:
        return _NONE_BEFORE.format(before=words)
    if now == before:
        return _SAME.format(before=words)
    if before < SMALL:
        return (_FEWER if now < before else _MORE).format(n=f"{abs(now - before):,.0f}", before=words)
    share = round(abs(now - before) * 100 / before)
    return (_FEWER_SHARE if now < before else _MORE_SHARE).format(n=share, before=words)


def change(measure: Measure, now: float | None, before: float | None) -> str:
    """A change as a table shows it: ``+3``, ``−2.5``, ``0``."""
    if now is None or before is None:
        return NOTHING
    difference = now - before
    text = whole(measure, abs(difference)).removesuffix("%")
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return "0" if not any(digit in text for digit in "123456789") else f"{sign}{text}"


def group(grouping: Grouping, found: FigureGroup) -> str:
    """A group's name; times in the words of the language."""
    if grouping.kind != "time":
        return found.label
    day = dt.date.fromisoformat(str(found.key))
    if grouping.name == "month":
        return str(_MONTH.format(month=MONTHS[day.month - 1], year=day.year))
    return str(_WEEK.format(day=day.isoformat())) if grouping.name == "week" else day.isoformat()


def tick(grouping: Grouping, key: str, first: bool) -> tuple[str, str]:
    """Below a column: the short name and, where a year begins, the year."""
    day = dt.date.fromisoformat(key)
    if grouping.name == "month":
        named = day.month == 1 or (first and day.month < 11)  # or else the next year stands where this one's words are
        return str(MONTHS[day.month - 1]), str(_YEAR.format(year=day.year)) if named else ""
    return f"{day.month}-{day.day}", ""
