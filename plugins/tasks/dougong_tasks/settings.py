"""The settings of the module: those of its parts."""

from __future__ import annotations

from .assigned.settings import AssignedSettings
from .upward.settings import UpwardSettings


class Settings(AssignedSettings, UpwardSettings):
    """Assigned work, and reports upwards."""
