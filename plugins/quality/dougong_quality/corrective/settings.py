"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class CorrectiveSettings(BaseModel):
    """Nonconformities and what keeps them from coming back."""
