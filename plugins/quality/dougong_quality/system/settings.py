"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class SystemSettings(BaseModel):
    """Audits, reviews, objectives, registers: the system around documents and corrections."""
