"""What a company may change: the settings of the three parts together."""

from __future__ import annotations

from .corrective.settings import CorrectiveSettings
from .documents.settings import DocumentSettings
from .system.settings import SystemSettings


class Settings(DocumentSettings, CorrectiveSettings, SystemSettings):
    """Documents, corrective action, and the system around them."""

    @property
    def nc_clauses(self) -> dict[str, str]:
        """The vocabulary of clauses that a nonconformity offends against: key as documents answer them (``9001:2015 8.7``)."""
        return {
            f"{key} {number}": f"{one.name} {number} {title}"
            for key, one in self.standards().items()
            for number, title in one.clauses.items()
        }
