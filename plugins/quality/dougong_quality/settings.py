"""What a company may change: the settings of the three parts together."""

from __future__ import annotations

from .corrective.settings import CorrectiveSettings
from .documents.settings import DocumentSettings
from .system.settings import SystemSettings


class Settings(DocumentSettings, CorrectiveSettings, SystemSettings):
    """Documents, corrective action, and the system around them."""
