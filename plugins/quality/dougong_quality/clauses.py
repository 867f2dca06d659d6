"""Standards and their clauses as data: short name, edition, number and what a clause is about, in this project's own words.

No sentence of a standard is copied. A new edition is a new entry here; records keep the short name and the number.
"""

from __future__ import annotations

from dataclasses import dataclass

from dougong import Lazy, translator

_ = translator("dougong_quality")


@dataclass(frozen=True, slots=True)
class Clause:
    """:param number: as in the standard, ``7.5.3``. :param about: what it asks for."""

    number: str
    about: Lazy


@dataclass(frozen=True, slots=True)
class Standard:
    """:param name: short name that records keep. :param label: as people write it. :param edition: year."""

    name: str
    label: str
    edition: str
    clauses: tuple[Clause, ...]

    def clause(self, number: str) -> Clause | None:
        """The clause of this number."""
        return next((one for one in self.clauses if one.number == number), None)


# What the three standards have in common (the high-level structure), by number.
_SHARED: dict[str, Lazy] = {
    "4.1": _("Internal and external issues"),
    "4.2": _("Interested parties and what they expect"),
    "4.3": _("Scope of the system"),
    "4.4": _("The system and its processes"),
    "5.1": _("Leadership"),
    "5.2": _("Policy"),
    "5.3": _("Roles, responsibilities and authorities"),
    "6.1": _("Risks and opportunities"),
    "6.2": _("Objectives and how they are reached"),
    "7.1": _("Resources"),
    "7.2": _("Competence"),
    "7.3": _("Awareness"),
    "7.4": _("Communication"),
    "7.5.1": _("Documented information"),
    "7.5.2": _("Creating and updating documents"),
    "7.5.3": _("Control of documents and records"),
    "9.1.1": _("Monitoring, measuring, evaluating"),
    "9.2": _("Internal audit"),
    "9.3": _("Management review"),
    "10.2": _("Nonconformity and corrective action"),
    "10.3": _("Continual improvement"),
}
_OWN: dict[str, dict[str, Lazy]] = {
    "iso9001": {
        "6.3": _("Planning of changes"),
        "8.1": _("Planning and control of services"),
        "8.2.1": _("Communication with customers"),
        "8.2.2": _("Requirements for services"),
        "8.3": _("Design and development"),
        "8.4": _("External providers"),
        "8.5": _("Provision of services"),
        "8.6": _("Release of services"),
        "8.7": _("Nonconforming services"),
        "9.1.2": _("Customer satisfaction"),
        "9.1.3": _("Analysis and evaluation"),
    },
    "iso14001": {
        "6.1.2": _("Environmental aspects"),
        "6.1.3": _("Compliance obligations"),
        "6.1.4": _("Planning of action"),
        "8.1": _("Operational control"),
        "8.2": _("Emergency preparedness and response"),
        "9.1.2": _("Evaluation of compliance"),
    },
    "iso45001": {
        "5.4": _("Consultation and participation of workers"),
        "6.1.2": _("Hazards, risks and opportunities"),
        "6.1.3": _("Legal and other requirements"),
        "6.1.4": _("Planning of action"),
        "8.1.2": _("Removing hazards, reducing risks"),
        "8.1.3": _("Management of change"),
        "8.1.4": _("Procurement, contractors, outsourcing"),
        "8.2": _("Emergency preparedness and response"),
        "9.1.2": _("Evaluation of compliance"),
    },
}


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _standard(name: str, label: str, edition: str) -> Standard:
    found = {**_SHARED, **_OWN[name]}
    return Standard(name, label, edition, tuple(Clause(n, found[n]) for n in sorted(found, key=_order)))


STANDARDS: dict[str, Standard] = {
    one.name: one
    for one in (
        _standard("iso9001", "GB/T 19001 / ISO 9001", "2015"),
        _standard("iso14001", "GB/T 24001 / ISO 14001", "2015"),
        _standard("iso45001", "GB/T 45001 / ISO 45001", "2018"),
    )
}
