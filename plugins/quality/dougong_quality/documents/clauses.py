"""Standards, their editions and clauses as data: the numbers of the clauses, and what each is about in our own words.

The standards' own text stands nowhere here. A company adds standards and editions in its settings, and says which clause of an
earlier edition became which; answers given for the earlier one are then read for the later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dougong import Lazy, translator

_ = translator("dougong_quality")


@dataclass(frozen=True)
class Standard:
    """One edition of a standard.

    :param clauses: number → what it is about, in the standard's order. :param follows: key of the edition before it.
    :param moved: number of a clause of that edition → those that it became, where they are others.
    """

    name: str
    clauses: Mapping[str, Lazy | str]
    follows: str = ""
    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_COMMON_4_5: dict[str, Lazy] = {
    "4.1": _("The organisation and its surroundings"),
    "4.2": _("Interested parties and what they expect"),
    "4.3": _("What the system covers"),
    "4.4": _("The system and its processes"),
    "5.1": _("Leadership and commitment"),
    "5.2": _("Policy"),
    "5.3": _("Roles, duties and powers"),
}
_PEOPLE: dict[str, Lazy] = {
    "7.2": _("Competence of people"),
    "7.3": _("Awareness"),
    "7.4": _("Communication inside and outside"),
    "7.5.1": _("Documents and records in general"),
    "7.5.2": _("Making and updating documents"),
    "7.5.3": _("Control of documents and records"),
}
_END: dict[str, Lazy] = {
    "9.2": _("Internal audit"),
    "9.3": _("Management review"),
    "10.1": _("Improvement in general"),
    "10.2": _("Nonconformity and corrective action"),
    "10.3": _("Continual improvement"),
}

STANDARDS: dict[str, Standard] = {
    "9001:2015": Standard(
        "ISO 9001:2015",
        {
            **_COMMON_4_5,
            "5.1.2": _("Attention to customers"),
            "6.1": _("Risks and opportunities"),
            "6.2": _("Objectives and how to reach them"),
            "6.3": _("Planning of changes"),
            "7.1": _("Resources"),
            "7.1.3": _("Premises and equipment"),
            "7.1.4": _("Surroundings in which work is done"),
            "7.1.5": _("Measuring equipment"),
            "7.1.6": _("Knowledge of the organisation"),
            **_PEOPLE,
            "8.1": _("Planning and control of operations"),
            "8.2.1": _("Communication with customers"),
            "8.2.2": _("Finding out what a service must meet"),
            "8.2.3": _("Review of what is promised"),
            "8.2.4": _("Changes of what was agreed"),
            "8.3": _("Design of services"),
            "8.4": _("Suppliers and contractors"),
            "8.5.1": _("Control of how the service is given"),
            "8.5.2": _("Identification and traceability"),
            "8.5.3": _("Property of customers and suppliers"),
            "8.5.4": _("Preservation"),
            "8.5.5": _("After the service"),
            "8.5.6": _("Control of changes"),
            "8.6": _("Release of services"),
            "8.7": _("Control of what does not conform"),
            "9.1.1": _("Monitoring and measuring in general"),
            "9.1.2": _("Customer satisfaction"),
            "9.1.3": _("Analysis and evaluation"),
            **_END,
        },
    ),
    "14001:2015": Standard(
        "ISO 14001:2015",
        {
            **_COMMON_4_5,
            "6.1.1": _("Risks and opportunities in general"),
            "6.1.2": _("Environmental aspects"),
            "6.1.3": _("Compliance obligations"),
            "6.1.4": _("Planning what is done about them"),
            "6.2": _("Objectives and how to reach them"),
            "7.1": _("Resources"),
            **_PEOPLE,
            "8.1": _("Planning and control of operations"),
            "8.2": _("Readiness for emergencies"),
            "9.1.1": _("Monitoring and measuring in general"),
            "9.1.2": _("Evaluation of compliance"),
            **_END,
        },
    ),
    "45001:2018": Standard(
        "ISO 45001:2018",
        {
            **_COMMON_4_5,
            "5.4": _("Workers are consulted and take part"),
            "6.1.1": _("Risks and opportunities in general"),
            "6.1.2": _("Hazards and the risks that follow from them"),
            "6.1.3": _("Legal and other requirements"),
            "6.1.4": _("Planning what is done about them"),
            "6.2": _("Objectives and how to reach them"),
            "7.1": _("Resources"),
            **_PEOPLE,
            "8.1.1": _("Control of operations in general"),
            "8.1.2": _("Removing hazards and lowering risks"),
            "8.1.3": _("Management of change"),
            "8.1.4": _("Procurement, contractors and outsourcing"),
            "8.2": _("Readiness for emergencies"),
            "9.1.1": _("Monitoring and measuring in general"),
            "9.1.2": _("Evaluation of compliance"),
            **_END,
        },
    ),
}


def by_number(clauses: Mapping[str, Lazy | str]) -> dict[str, Lazy | str]:
    """Clauses in the order of their numbers: 5.1, 5.1.2, 5.2."""
    return dict(sorted(clauses.items(), key=lambda pair: [int(part) for part in pair[0].split(".")]))


STANDARDS = {key: replace(one, clauses=by_number(one.clauses)) for key, one in STANDARDS.items()}


def read_as(standards: Mapping[str, Standard], answers: frozenset[str], key: str) -> frozenset[str]:
    """Clauses of a standard that are answered: those named for it, and those named for the editions before it under the
    numbers that they have now.

    :param answers: as documents keep them: ``9001:2015 7.5.3``.
    """
    found: set[str] = set()
    chain: list[str] = []
    while key in standards and key not in chain:
        chain.append(key)
        key = standards[key].follows
    for at, one in enumerate(chain):
        for clause in (text.partition(" ")[2] for text in answers if text.partition(" ")[0] == one):
            now = {clause}
            for later in reversed(chain[:at]):
                moved = standards[later].moved
                now = {new for old in now for new in moved.get(old, (old,))}
            found |= now
    return frozenset(found & set(standards[chain[0]].clauses)) if chain else frozenset()


__all__ = ["STANDARDS", "Standard", "by_number", "read_as"]
