"""What a company may change: the settings of the parts together."""

from __future__ import annotations

from .appraisal.settings import AppraisalSettings
from .moves.settings import MovesSettings
from .organisation.settings import OrganisationSettings
from .roster.settings import RosterSettings


class Settings(OrganisationSettings, MovesSettings, RosterSettings, AppraisalSettings):
    """Of all parts."""
