"""A company's rules of what gives rise to what: a failed item of that severity opens a work order.

Owns their shape, as the settings keep them. They name what modules contribute (``records.followups``); a rule of a module
that is off rests and is kept.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ..words import translator
from .hours import labelled, refused

_ = translator("dougong")

MOST_RULES = 100
Mode = Literal["open", "offer"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,59}$")]


class FollowRule(BaseModel):
    """One rule.

    :ivar trigger: name of a ``Trigger``. :ivar value: of its field; empty: any. :ivar opens: name of a ``FollowUp``.
    :ivar mode: ``open``: it is opened at once, by the system; ``offer``: people are offered to open it.
    :ivar detail: what the ``FollowUp`` asks a rule for (an account's code); empty: nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    trigger: Name = Field(json_schema_extra=labelled(_("What happens")))
    value: str = Field(default="", max_length=80, json_schema_extra=labelled(_("Only where it is")))
    opens: Name = Field(json_schema_extra=labelled(_("What follows")))
    mode: Mode = Field(default="offer", json_schema_extra=labelled(_("In which way")))
    detail: str = Field(default="", max_length=80, json_schema_extra=labelled(_("With")))

    @property
    def key(self) -> str:
        """What is opened at most once for each record that gives rise to it."""
        return f"{self.trigger}>{self.opens}"


def _once(rules: tuple[FollowRule, ...]) -> tuple[FollowRule, ...]:
    said = [(rule.trigger, rule.value, rule.opens) for rule in rules]
    if len(set(said)) < len(said):
        raise refused(_("The same rule stands there twice."))
    return rules


FollowRules = Annotated[tuple[FollowRule, ...], AfterValidator(_once)]

__all__ = ["MOST_RULES", "FollowRule", "FollowRules", "Mode"]
