"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class AppraisalSettings(BaseModel):
    """Appraisal in four dimensions, with appeal and calibration."""
