"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class RosterSettings(BaseModel):
    """Shifts and rosters, swaps."""
