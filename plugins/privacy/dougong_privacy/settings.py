"""What a company may say of requests, terms and disposal.

``answer_days`` follows App违法违规收集使用个人信息行为认定方法 (2019) Art. 6: at most fifteen working days; that lies within the
thirty days of GB/T 35273-2020 §8.7 a. The law itself (个人信息保护法 Art. 50) says "in time". The extension and all other
defaults are this project's own.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import Field

from .choices import Ending

_ = translator("dougong_privacy")

Days = Annotated[int, Field(ge=1, le=180)]


class Term(Form):
    """The company's own term of one kind of record, instead of the declared one."""

    years: Annotated[int, Field(ge=0, le=100)] = asked(_("Years"), default=3)
    months: Annotated[int, Field(ge=0, le=11)] = asked(_("Months"), default=0)
    ends: Ending = asked(_("Then"), default=Ending.ERASE)


class Settings(Form):
    """Settings of the module."""

    answer_days: Days = asked(
        _("Requests are answered within"),
        default=15,
        unit=_("working days"),
        help=_("Fifteen working days by the rules for apps of 2019; GB/T 35273-2020 §8.7 names thirty days."),
    )
    remind_percent: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Remind whoever handles it when so much of the time has passed"), default=80, unit=_("%"), help=_("0: not at all.")
    )
    escalate_percent: Annotated[int, Field(ge=0, le=1_000)] = asked(
        _("Overdue: general managers hear of it after"),
        default=50,
        unit=_("%"),
        help=_("Of the whole time, after it was due. Protection officers hear of it at once."),
    )
    extend_days: Days = asked(_("May be extended once by"), default=30, unit=_("days"))
    appeal: Annotated[str, Field(max_length=1000)] = asked(
        _("Where somebody can complain"),
        default="",
        help=_("Proposed when a request is refused: the officer, the authority, 12345, a court."),
    )
    open_cases: bool = asked(
        _("Erase from open cases too"), default=False, help=_("Otherwise a case that is under way keeps what it needs.")
    )
    dispose: bool = asked(
        _("Dispose of records when their term is over"),
        default=False,
        help=_("Every night. Look at the page of terms first: what is disposed of does not come back."),
    )
    terms: dict[str, Term] = asked(
        _("Terms of the company's own"),
        default={},
        help=_("By kind of record, as complaints.complaint; where none stands the declared one holds."),
    )
