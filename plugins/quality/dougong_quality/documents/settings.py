"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class DocumentSettings(BaseModel):
    """Documents of the three standards: revisions, copies, reading, clauses."""
