"""The choices that code of appraisals reads: spans of rounds, how rounds, appraisals and ratings stand, grades."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_hr")


class Span(Choice):
    YEAR = "year", _("Year")
    FIRST_HALF = "first_half", _("First half-year")
    SECOND_HALF = "second_half", _("Second half-year")


class RoundState(Choice):
    DRAFT = "draft", _("Being prepared"), "acc"
    RUNNING = "running", _("Under way"), "doing"
    CLOSED = "closed", _("Closed"), "done"


class AppraisalState(Choice):
    GOALS = "goals", _("Goals"), "acc"
    SELF = "self", _("Self-rating"), "doing"
    RATING = "rating", _("Rating by the superior"), "doing"
    REVIEW = "review", _("Review"), "doing"
    INTERVIEW = "interview", _("Appraisal interview"), "doing"
    TOLD = "told", _("To be confirmed"), "acc"
    APPEAL = "appeal", _("Appeal"), "bad"
    FINAL = "final", _("Final"), "done"
    DROPPED = "dropped", _("Left out"), "done"


A = AppraisalState
UNDERWAY = (A.GOALS, A.SELF, A.RATING, A.REVIEW, A.INTERVIEW, A.TOLD, A.APPEAL)
OPEN_TO_SELF = (A.TOLD, A.APPEAL, A.FINAL)  # from the interview on, people see what they were given


class RatingState(Choice):
    OPEN = "open", _("To be given"), "acc"
    GIVEN = "given", _("To be reviewed"), "doing"
    REVIEWED = "reviewed", _("Reviewed"), "doing"
    CONTESTED = "contested", _("Contested"), "bad"
    FINAL = "final", _("Final"), "done"
    DROPPED = "dropped", _("Left out"), "done"


class Grade(Choice):
    EXCELLENT = "excellent", _("Excellent"), "good"
    GOOD = "good", _("Good"), "info"
    FAIR = "fair", _("Satisfactory")
    POOR = "poor", _("Unsatisfactory"), "bad"
