"""The choices of what is divided over sites and of what owners are told."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_budgeting")


class AllocationKey(Choice):
    """By what a shared cost is divided."""

    AREA = "area", _("Charged area")
    HOUSEHOLDS = "households", _("Households")
    INCOME = "income", _("Planned income of the year")
    SHARES = "shares", _("Fixed shares")


class AllocationState(Choice):
    DRAFT = "draft", _("Prepared"), "doing"
    DIVIDED = "divided", _("Divided"), "done"
    UNDONE = "undone", _("Taken back"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


class DisclosureState(Choice):
    DRAFT = "draft", _("Drawing up"), "doing"
    REVIEW = "review", _("Before its signature"), "acc"
    APPROVED = "approved", _("To be published"), "visit"
    PUBLISHED = "published", _("Published"), "done"
    REPLACED = "replaced", _("Replaced by a later version"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


PUBLIC = (DisclosureState.PUBLISHED, DisclosureState.REPLACED)
UNDERWAY = (DisclosureState.DRAFT, DisclosureState.REVIEW, DisclosureState.APPROVED)

__all__ = ["PUBLIC", "UNDERWAY", "AllocationKey", "AllocationState", "DisclosureState"]
