"""The friendly editor of a rule: which inputs it has, what stands in them for a rule, and the rule that was typed.

Owns no page. What a rule can be is judged by the rule itself; its refusals are put to the inputs here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import FieldError, Invalid
from ...timing.rules import LAST, Rule
from ...words import Lazy, translator
from ..display import WEEKDAYS
from ..views import Input, Section
from .common import options

if TYPE_CHECKING:
    from ..requests import Values

_ = translator("dougong")

KINDS: tuple[tuple[str, Lazy], ...] = (
    ("daily", _("Every day")), ("shift", _("Every shift")), ("weekly", _("Every week")), ("monthly", _("Every month")),
    ("half", _("Every half-year")), ("yearly", _("Every year")), ("custom", _("Own rule")),
)  # fmt: skip
CLOSED: tuple[tuple[str, Lazy], ...] = (
    ("as_is", _("Run all the same")), ("skip", _("Not on days off")), ("next", _("Move to the next working day")),
    ("previous", _("Move to the working day before")),
)  # fmt: skip
_LAST_WORKDAY = "last_workday"
_NTH = (("1", _("first")), ("2", _("second")), ("3", _("third")), ("4", _("fourth")), (str(LAST), _("last")))
_EVERY = _("1: each day, week, month or year; 2: every second one.")
_TIMES = _("24 hours, several with commas: 08:30, 14:00. By the clock of the site.")
_RRULE = _("As calendars write it (RFC 5545): FREQ=MONTHLY;BYDAY=MO,TH;BYMONTHDAY=1,2,3,4,5,6,7")
_STARTING = _("From which day “every second week” is counted; empty: from 1 January 2024, a Monday.")
_SPLIT = re.compile(r"[\s,;，；、]+")


# ---- a rule in the inputs -----------------------------------------------------------------------------


def typed(rule: Rule) -> dict[str, Any]:
    """What stands in the inputs for this rule."""
    found: dict[str, Any] = {
        "kind": {"shift": "shift", "rrule": "custom"}.get(rule.repeat, rule.repeat),
        "times": ", ".join(rule.times), "every": str(rule.every), "weekdays": [str(one) for one in rule.weekdays],
        "day": str(rule.day or ""), "month": str(rule.month or ""), "shifts": ", ".join(rule.shifts),
        "rrule": rule.text, "starting": rule.starting.isoformat() if rule.starting else "", "on_closed": rule.on_closed,
    }  # fmt: skip
    if rule.nth is not None:
        found |= {"day": "nth", "nth": str(rule.nth), "nth_day": str(rule.weekdays[0]), "weekdays": []}
    elif rule.day == LAST and rule.on_closed == "previous":
        found["day"] = _LAST_WORKDAY
    if rule.repeat == "monthly" and rule.every == 6 and (rule.starting is None or rule.starting.day == 1):
        month = (rule.starting.month - 1) % 6 + 1 if rule.starting else 1
        found |= {"kind": "half", "month": str(month), "every": "1", "starting": ""}
    return found


# ---- the inputs in a rule -----------------------------------------------------------------------------


def rule_of(form: Values) -> Rule:
    """The rule that was typed. :raises Invalid: it cannot be; each refusal names the input where it belongs."""
    kind = form.get("kind", "").strip()
    wrong: list[FieldError] = []
    if kind not in dict(KINDS):
        raise Invalid(errors=(FieldError("kind", _("Choose one of the list.")),))
    given = _common(form, kind, wrong)
    if kind == "weekly":
        given["weekdays"] = tuple(_whole(form, "weekdays", one, wrong) for one in form.getlist("weekdays"))
    elif kind in ("monthly", "half", "yearly"):
        given |= _day(form, kind, wrong)
    elif kind == "shift":
        given["shifts"] = _listed(form.get("shifts", ""))
    elif kind == "custom":
        given["text"] = form.get("rrule", "").strip().upper()
    if wrong:
        raise Invalid(errors=tuple(wrong))
    try:
        return Rule(**given)
    except Invalid as problem:
        raise placed(problem, kind) from None


def _common(form: Values, kind: str, wrong: list[FieldError]) -> dict[str, Any]:
    given: dict[str, Any] = {"repeat": {"half": "monthly", "custom": "rrule"}.get(kind, kind)}
    if kind != "shift":
        given["times"] = tuple(_time(one) for one in _listed(form.get("times", "")))
        closed = form.get("on_closed", "").strip() or "as_is"
        given["on_closed"] = closed
        given["starting"] = _date(form, "starting", wrong)
    if kind in ("daily", "weekly", "monthly", "yearly"):
        given["every"] = _whole(form, "every", form.get("every", "").strip() or "1", wrong)
    return given


def _day(form: Values, kind: str, wrong: list[FieldError]) -> dict[str, Any]:
    day = form.get("day", "").strip()
    given: dict[str, Any] = {}
    if day == "nth":
        given["nth"] = _whole(form, "nth", form.get("nth", "").strip(), wrong)
        given["weekdays"] = (_whole(form, "nth_day", form.get("nth_day", "").strip(), wrong),)
    elif day == _LAST_WORKDAY:
        given |= {"day": LAST, "on_closed": "previous"}
    else:
        given["day"] = _whole(form, "day", day, wrong)
    month = _whole(form, "month", form.get("month", "").strip(), wrong) if kind != "monthly" else 1
    if kind == "yearly":
        given["month"] = month
    elif kind == "half":
        if not 1 <= month <= 12:
            if not any(one.path == "month" for one in wrong):
                wrong.append(FieldError("month", _("Choose a month.")))
            month = 1
        first = (month - 1) % 6 + 1  # September and March are one half-year
        given |= {"every": 6, "starting": dt.date(2024, first, 1) if first > 1 else None}
    return given


def placed(problem: Invalid, kind: str) -> Invalid:
    """The rule's own refusals at the inputs of the editor."""
    to = {"repeat": "kind", "text": "rrule"}
    if kind in ("monthly", "half", "yearly"):
        to["weekdays"] = "nth_day"
    found = {to.get(head := one.path.partition(".")[0], head): one.message for one in reversed(problem.errors)}
    problem.errors = tuple(FieldError(path, message) for path, message in reversed(found.items()))
    return problem


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one for one in _SPLIT.split(text.strip()) if one)


def _time(text: str) -> str:
    """A time of day with the zero that people leave out and the colon as they type it; what is none stays, to be refused."""
    text = text.replace("：", ":")
    return f"0{text}" if re.fullmatch(r"\d:\d\d", text) else text


def _whole(form: Values, name: str, text: str, wrong: list[FieldError]) -> int:
    if re.fullmatch(r"-?[0-9]{1,4}", text):
        return int(text)
    wrong.append(FieldError(name, _ASKED.get(name, _("Choose one of the list."))))
    return 0


def _date(form: Values, name: str, wrong: list[FieldError]) -> dt.date | None:
    text = form.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        wrong.append(FieldError(name, _("Write a date as in 2026-11-22.")))
        return None


# ---- the inputs ---------------------------------------------------------------------------------------


def section(sent: Mapping[str, Any]) -> Section:
    """The editor's inputs. :param sent: what stands in them, by name; ``weekdays`` is a list."""

    def at(name: str, default: str = "") -> str:
        return str(sent.get(name) or default)

    weekdays = [(str(n), day) for n, day in enumerate(WEEKDAYS)]
    months = [(str(n), _MONTHS[n - 1]) for n in range(1, 13)]
    days = [(str(n), _("day {n}").format(n=n)) for n in range(1, 32)]
    days += [(str(LAST), _("last day")), (_LAST_WORKDAY, _("last working day")), ("nth", _("a weekday: the first Monday …"))]
    chosen = [str(one) for one in sent.get("weekdays") or ()]
    inputs = [
        Input("kind", str(_("How often")), "radios", options=options(KINDS, at("kind")), required=True),
        Input("times", str(_("Times of day")), "line", at("times"), help=str(_TIMES), maxlength=400),
        Input("every", str(_("Every how many")), "number", at("every", "1"), help=str(_EVERY)),
        Input("weekdays", str(_("On")), "checks", values=chosen, options=options(weekdays, chosen)),
        Input("month", str(_("Month")), "choice", at("month"), options=options(months, at("month")), help=str(_MONTH)),
        Input("day", str(_("Day")), "choice", at("day"), options=options(days, at("day")), help=str(_DAY)),
        Input("nth", str(_("Which one")), "choice", at("nth"), options=options(_NTH, at("nth"))),
        Input("nth_day", str(_("Weekday")), "choice", at("nth_day"), options=options(weekdays, at("nth_day"))),
        Input("shifts", str(_("Shifts")), "line", at("shifts"), help=str(_SHIFTS), maxlength=400),
        Input("rrule", str(_("Rule")), "line", at("rrule"), help=str(_RRULE), maxlength=500),
        Input("starting", str(_("Counted from")), "date", at("starting"), help=str(_STARTING)),
        Input("on_closed", str(_("On days off")), "radios", options=options(CLOSED, at("on_closed", "as_is"))),
    ]
    return Section(str(_("When")), inputs)


_MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"), _("September"),
    _("October"), _("November"), _("December"),
)  # fmt: skip
_ASKED = {"every": _("A whole number, please."), "day": _("Choose a day."), "month": _("Choose a month.")}
_MONTH = _("Every half-year: this month and the one six months later.")
_DAY = _("A day that a month does not have (the 31st) is its last day.")
_SHIFTS = _("Names of shifts of the calendar, with commas; empty: each shift, when it begins.")
