"""What a company may say of imports and exports."""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import Field

_ = translator("dougong_exchange")

MB = 1024 * 1024


class Settings(Form):
    upload_mb: Annotated[int, Field(ge=1, le=200)] = asked(_("Largest file for an import"), default=50, unit=_("MB"))
    at_once: Annotated[int, Field(ge=0, le=50_000)] = asked(
        _("Exports up to so many rows are written at once"),
        default=5000,
        help=_("Longer ones are written in the background; the file then lies with the export."),
    )
    keep_days: Annotated[int, Field(ge=1, le=3650)] = asked(
        _("Files of imports and exports are kept for"),
        default=30,
        unit=_("days"),
        help=_("Then they are deleted, with first rows and bad cells; what was imported stays."),
    )
