"""What validation found, in plain words: pydantic's error types as translated sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..words import Lazy, translator

_ = translator("dougong")

_MESSAGES: dict[str, Lazy] = {
    "missing": _("is required"),
    "extra_forbidden": _("is not a field of this form"),
    "string_type": _("must be text"),
    "string_too_short": _("is required"),
    "string_too_long": _("is too long; at most {max_length} characters"),
    "string_pattern_mismatch": _("does not have the expected form"),
    "nul": _("contains a character that cannot be stored"),
    "string_unicode": _("contains a character that cannot be stored"),
    "int_type": _("must be a whole number"),
    "int_parsing": _("must be a whole number"),
    "int_parsing_size": _("is too large"),
    "int_from_float": _("must be a whole number"),
    "float_type": _("must be a number"),
    "float_parsing": _("must be a number"),
    "finite_number": _("must be a number"),
    "decimal_type": _("must be a number"),
    "decimal_parsing": _("must be a number"),
    "number_type": _("must be a number"),
    "number_range": _("must be between -10^15 and 10^15, with at most six decimals"),
    "options": _("Each choice may be there once."),
    "personal": _("A personal value can be neither a column nor a filter."),
    "greater_than_equal": _("must be at least {ge}"),
    "greater_than": _("must be more than {gt}"),
    "less_than_equal": _("must be at most {le}"),
    "less_than": _("must be less than {lt}"),
    "bool_type": _("must be yes or no"),
    "bool_parsing": _("must be yes or no"),
    "enum": _("is not one of the possible choices"),
    "literal_error": _("is not one of the possible choices"),
    "vocabulary": _("is not one of the values that the company uses"),
    "date_type": _("must be written as text, as in 2026-11-22"),
    "date_parsing": _("is not a date, as in 2026-11-22"),
    "date_from_datetime_parsing": _("is not a date, as in 2026-11-22"),
    "date_from_datetime_inexact": _("must be a date without a time"),
    "date_range": _("must lie between 1900 and 2200"),
    "datetime_type": _("must be written as text, as in 2026-11-22T15:30+08:00"),
    "datetime_parsing": _("is not a date and time, as in 2026-11-22T15:30+08:00"),
    "datetime_from_date_parsing": _("is not a date and time, as in 2026-11-22T15:30+08:00"),
    "datetime_object_invalid": _("is not a date and time, as in 2026-11-22T15:30+08:00"),
    "timezone_aware": _("needs a time zone, as in 2026-11-22T15:30+08:00"),
    "uuid_type": _("is not an identifier"),
    "uuid_parsing": _("is not an identifier"),
    "list_type": _("must be a list"),
    "dict_type": _("must be an object"),
    "model_type": _("must be an object"),
    "too_long": _("has too many entries; at most {max_length}"),
    "too_short": _("has too few entries; at least {min_length}"),
}
_OTHER = _("is not valid")


def message(error: Mapping[str, Any]) -> Lazy | str:
    """The sentence for one of pydantic's errors; a plugin's own ``value_error`` keeps its words."""
    kind = error["type"]
    raised = (error.get("ctx") or {}).get("error")
    if kind == "value_error" and raised is not None and raised.args and isinstance(raised.args[0], Lazy):
        return raised.args[0]
    known = _MESSAGES.get(kind, _OTHER)
    return known.format(**{k: v for k, v in (error.get("ctx") or {}).items() if k != "error"})
