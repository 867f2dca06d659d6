"""The two shapes of a cause analysis as data: an ordered chain of whys, and causes on the six bones of a fishbone.

Owns the models and their checks, and what they say in plain words. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from dougong import Form, Lazy, asked, translator
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from .choices import Factor

_ = translator("dougong_quality")

FEWEST, MOST_WHYS, MOST_CAUSES = 3, 7, 36

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]


class Why(Form):
    """One level: the question, the answer, what shows it, and whether it is the root."""

    why: Short = asked(_("Why?"))
    because: Short = asked(_("Because"))
    evidence: Note = asked(_("Evidence"), default="")
    root: bool = asked(_("Root cause"), default=False)


class Bone(Form):
    """One cause on a bone of the fishbone."""

    factor: Factor = asked(_("Factor"))
    cause: Short = asked(_("Cause"))
    root: bool = asked(_("Root cause"), default=False)


def _dumped(items: Iterable[Form]) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in items]


Whys = Annotated[list[Why], mapped_column(JSONB), Field(max_length=MOST_WHYS), AfterValidator(_dumped)]
Bones = Annotated[list[Bone], mapped_column(JSONB), Field(max_length=MOST_CAUSES), AfterValidator(_dumped)]
Rows = list[Mapping[str, Any]]


def wrong(whys: Rows, bones: Rows) -> tuple[str, Lazy] | None:
    """What is not yet an analysis, by field; None: it is one. Lists are bounded and typed before."""
    if not whys and not bones:
        return "whys", _("give a chain of whys, or causes on the fishbone")
    if whys and len(whys) < FEWEST:
        return "whys", _("ask why at least {n} times").format(n=FEWEST)
    if sum(bool(one["root"]) for one in whys) > 1:
        return "whys", _("a chain has one root")
    if whys and not whys[-1]["root"] and any(one["root"] for one in whys):
        return "whys", _("the root is the last why of the chain: what stands behind it would be the root")
    if not any(one["root"] for one in (*whys, *bones)):
        return "whys", _("mark which one is the root cause")
    said = [(one["factor"], one["cause"]) for one in bones]
    if len(set(said)) < len(said):
        return "bones", _("names a cause twice on the same bone")
    return None


def in_words(whys: Rows, bones: Rows) -> str:
    """An analysis as lines of text: for the timeline, search and paper."""
    lines = [f"{n}. {one['why']} → {one['because']}{_root(one)}{_shown(one)}" for n, one in enumerate(whys, 1)]
    for factor in Factor:
        causes = [f"{one['cause']}{_root(one)}" for one in bones if one["factor"] == factor.value]
        if causes:
            lines.append(f"{factor.label}：{'；'.join(causes)}")
    return "\n".join(lines)


def roots(whys: Rows, bones: Rows) -> list[str]:
    """The causes marked as roots, in order, each once."""
    found = [one["because"] for one in whys if one["root"]] + [one["cause"] for one in bones if one["root"]]
    return list(dict.fromkeys(found))


def _root(one: Mapping[str, Any]) -> str:
    return " ★" if one["root"] else ""


def _shown(one: Mapping[str, Any]) -> str:
    return f"（{one['evidence']}）" if one.get("evidence") else ""
