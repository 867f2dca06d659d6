"""What a company may change of documents: systems, standards, departments, number patterns, who signs, terms.

All defaults are this project's own (sections 3 and 4 of the domain page); ISO 9001, 14001 and 45001 (7.5) ask for control of
documents and set none of these numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from .choices import Level, Reach
from .clauses import STANDARDS, Standard, by_number

_ = translator("dougong_quality")

Days = Annotated[int, Field(ge=1, le=365)]
Months = Annotated[int, Field(ge=1, le=120)]
Posts = Annotated[list[str], Field(max_length=20)]
PARTS = ("company", "system", "department", "year", "above", "n", "nn", "nnn")
_CLAUSE = re.compile(r"(\d+(?:\.\d+){0,3})\s+(\S.*)")
_MOVED = re.compile(r"(\d+(?:\.\d+){0,3})\s*→\s*(\d+(?:\.\d+){0,3}(?:\s*[,，]\s*\d+(?:\.\d+){0,3})*)")

POSTS: dict[str, Lazy] = {
    "general_manager": _("General manager"),
    "property_director": _("Property director"),
    "regional_director": _("Regional director"),
    "project_manager": _("Project manager"),
    "service_lead": _("Customer service lead"),
    "engineering_lead": _("Engineering lead"),
    "cleaning_lead": _("Cleaning lead"),
    "greening_lead": _("Greening lead"),
    "security_lead": _("Security lead"),
    "quality": _("Quality officer"),
    "hr": _("Human resources"),
    "finance": _("Finance"),
    "service_agent": _("Customer service agent"),
    "technician": _("Maintenance technician"),
    "control_room": _("Fire control room attendant"),
    "dormitory_keeper": _("Dormitory keeper"),
}


def _pattern(text: str) -> str:
    """:raises PydanticCustomError: it names something else than ``PARTS``, or its braces do not match."""
    try:
        found = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        found = [(None, None, None)]
    running = [name for name, _how, _conversion in found if name and set(name) == {"n"}]
    if any(name not in PARTS or how or conversion for name, how, conversion in found) or len(running) > 1:
        words = _("Write letters, digits and {names}; one running number at most.")
        names = ", ".join(f"{{{name}}}" for name in PARTS)
        raise PydanticCustomError("dougong", "{words}", {"words": str(words.format(names=names))})
    return text


def _lines(shape: re.Pattern[str], words: Lazy) -> AfterValidator:
    def check(texts: list[str]) -> list[str]:
        wrong = next((one for one in texts if not shape.fullmatch(one.strip())), None)
        if wrong is not None:
            raise PydanticCustomError("dougong", "{words}", {"words": f"{words} “{wrong[:60]}”"})
        return [one.strip() for one in texts]

    return AfterValidator(check)


Pattern = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_pattern)]
_CLAUSE_WORDS = _("Write number and short title, as in 7.5.3 Control of documents.")
_MOVED_WORDS = _("Write the old number, an arrow and the new ones, as in 7.5.3 → 7.5.4.")
Clauses = Annotated[list[str], Field(max_length=300), _lines(_CLAUSE, _CLAUSE_WORDS)]
Moved = Annotated[list[str], Field(max_length=300), _lines(_MOVED, _MOVED_WORDS)]


class System(Form):
    """A management system, as the letters in the numbers name it."""

    name: str = asked(_("Name"))
    standards: list[str] = asked(_("Standards"), help=_("One a line, with the edition: 9001:2015."))

    @property
    def label(self) -> str:
        return self.name


class OwnStandard(Form):
    """A standard or edition that the company adds."""

    name: str = asked(_("Name"), help=_("As in ISO 9001:2026."))
    clauses: Clauses = asked(_("Clauses"), default=[], help=_("One a line: number and a short title in your own words."))
    follows: str = asked(_("Takes the place of"), default="", help=_("An earlier edition, as in 9001:2015."))
    moved: Moved = asked(
        _("Clauses with another number"),
        default=[],
        help=_("Old and new number, one a line, as in 7.5.3 → 7.5.4. What is not named keeps its number."),
    )


def _systems() -> dict[str, System]:
    q, e, o = "9001:2015", "14001:2015", "45001:2018"
    return {
        "QEO": System(name="质量、环境、职业健康安全", standards=[q, e, o]),
        "Q": System(name="质量", standards=[q]),
        "E": System(name="环境", standards=[e]),
        "O": System(name="职业健康安全", standards=[o]),
    }


def _departments() -> dict[str, str]:
    return {
        "KF": "客服", "GC": "工程", "ZX": "秩序", "HJ": "环境", "PZ": "品质", "RX": "人事行政", "CW": "财务",
    }  # fmt: skip


class DocumentSettings(BaseModel):
    """Documents of the three standards."""

    document_company: Annotated[str, Field(max_length=12, pattern=r"^[A-Z0-9-]*$")] = asked(
        _("Letters of the company in numbers"), default="", help=_("Empty: the first two of its name in addresses.")
    )
    document_handbook: Pattern = asked(_("Number of a manual"), default="{company}/{system}-SC-{year}")
    document_procedure: Pattern = asked(_("Number of a procedure"), default="{company}/{system}-CX-{nn}")
    document_instruction: Pattern = asked(
        _("Number of a work instruction"), default="{company}/{system}-WI-{department}-{nn}"
    )
    document_form: Pattern = asked(
        _("Number of a record form"),
        default="{company}/{system}-JL-{above}-{nn}",
        help=_("{above} is the short number of the document that it belongs to: CX01."),
    )
    document_external: Pattern = asked(_("Number of an external document"), default="{company}/WL-{nnn}")
    document_systems: dict[str, System] = asked(_("Management systems"), default=_systems())
    document_departments: dict[str, str] = asked(_("Departments in numbers"), default=_departments())
    document_standards: dict[str, OwnStandard] = asked(
        _("Further standards and editions"),
        default={},
        help=_("Named as number:year. ISO 9001:2015, 14001:2015 and 45001:2018 are there already."),
    )
    document_more_posts: dict[str, str] = asked(
        _("Further posts that own or read documents"), default={}, help=_("Name of a role of yours, and what it is called.")
    )
    document_changes: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Changes of one edition"), default=9, help=_("After A/9 comes B/0.")
    )
    document_review_months: Months = asked(_("Documents are reviewed every"), default=12, unit=_("months"))
    document_review_remind: Days = asked(_("The owner is reminded before a review"), default=30, unit=_("days"))
    document_reading_days: Days = asked(_("Documents are read within"), default=7, unit=_("days"))
    document_recall_days: Days = asked(_("Old copies come back within"), default=7, unit=_("working days"))
    document_check_days: Days = asked(
        _("Projects check their documents against a new company document within"), default=15, unit=_("working days")
    )
    document_ratify_days: Days = asked(
        _("An emergency revision is approved afterwards within"), default=5, unit=_("days")
    )
    document_sign_hours: Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)] = asked(
        _("Each signature within"), default=16, unit=_("working hours")
    )
    document_company_cosign: Posts = asked(_("Who co-signs documents of the company"), default=["hr", "finance"])
    document_company_check: Posts = asked(_("Who checks documents of the company"), default=["property_director"])
    document_company_approve: Posts = asked(_("Who approves documents of the company"), default=["general_manager"])
    document_project_cosign: Posts = asked(
        _("Who co-signs documents of a project"), default=["service_lead", "engineering_lead", "security_lead"]
    )
    document_project_check: Posts = asked(_("Who checks documents of a project"), default=["quality"])
    document_project_approve: Posts = asked(_("Who approves documents of a project"), default=["project_manager"])

    @property
    def document_posts(self) -> dict[str, Lazy | str]:
        """Posts that own or read documents."""
        return {**POSTS, **self.document_more_posts}

    @property
    def document_readers(self) -> list[str]:
        return list(self.document_posts)

    def pattern_of(self, level: Level) -> str:
        found: str = getattr(self, f"document_{level.value}")
        return found

    def signers(self, reach: Reach, step: str) -> list[str]:
        """:param step: ``cosign``, ``check`` or ``approve``."""
        found: list[str] = getattr(self, f"document_{reach.value}_{step}")
        return found

    def standards(self) -> dict[str, Standard]:
        """All standards by number and edition: ours and the company's own, which may better ours."""
        own = {key: _own(key, one) for key, one in self.document_standards.items()}
        return {**STANDARDS, **own}


def _own(key: str, one: OwnStandard) -> Standard:
    found = [_CLAUSE.fullmatch(line) for line in one.clauses]
    moves = [_MOVED.fullmatch(line) for line in one.moved]
    moved = {m[1]: tuple(part.strip() for part in re.split("[,，]", m[2])) for m in moves if m}
    return Standard(one.name, by_number({m[1]: m[2] for m in found if m}), one.follows, moved)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


__all__ = ["DocumentSettings", "OwnStandard", "System", "months_after"]
