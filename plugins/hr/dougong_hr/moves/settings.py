"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class MovesSettings(BaseModel):
    """Recruiting, appointments with filing, transfers, leaving with its clearance."""
