"""The floor of import and export: openpyxl and the ORM, as one would write it in an afternoon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy as sa
from dougong.testing.companies import Company
from dougong_complaints.records import Complaint

_BODY = {
    "channel": "phone",
    "complainant_type": "owner",
    "category": "water_leak",
    "severity": "minor",
    "urgency": "normal",
}


def floor_import(company: Company, path: Path) -> int:
    """Each row through the form's own way: a unit of work with its history, one after the other, in one transaction."""
    count = 0
    with company.acting("service_lead_n1", "complaints") as x:
        for values in list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True)):
            said: dict[str, Any] = {
                "complainant": values[3],
                "phone": values[4],
                "location": values[6],
                "statement": values[7],
            }
            x.submit(Complaint, company.sites["n1"], {**_BODY, **said})
            count += 1
    return count


def floor_export(company: Company, path: Path, rows: int) -> int:
    """All records as objects, all cells of the workbook in memory."""
    book = openpyxl.Workbook()
    names = [a.key for a in sa.inspect(Complaint).column_attrs]
    book.active.append(names)
    with company.acting(None, "complaints") as x:
        found = x.session.scalars(x.readable(Complaint).limit(rows)).all()
        for one in found:
            book.active.append([str(getattr(one, name)) for name in names])
    book.save(path)
    return len(found)
