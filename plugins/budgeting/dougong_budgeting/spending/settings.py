"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class SpendingSettings(BaseModel):
    """Actuals, commitments, stops, closing, variances, adjustments, roll-up, disclosure."""
