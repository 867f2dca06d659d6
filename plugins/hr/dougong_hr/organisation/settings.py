"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class OrganisationSettings(BaseModel):
    """Posts, the line of command, employees, contracts and certificates."""
