"""A company with the city's file at hand, and short ways through an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dougong.records.context import Context
from dougong.testing.companies import Company
from dougong_exchange.commands import import_file
from dougong_exchange.mapping import Mapping, read

TOP = Path(__file__).resolve().parents[3]
CITY = TOP.parent / "shared" / "data" / "service-requests-la-2017.csv"
MAPPING = TOP / "docs/examples/imports/service-requests.toml"


@pytest.fixture
def city() -> Path:
    if not CITY.is_file():
        pytest.skip(
            "THE CITY'S FILE IS NOT THERE (../shared/data/service-requests-la-2017.csv): its import is not tested"
        )
    return CITY


@pytest.fixture
def city_mapping() -> Mapping:
    return read(MAPPING.read_bytes())


Import = Callable[..., dict[str, Any]]


def units(company: Company) -> Callable[[], Any]:
    """Units of work of the company as the system, as a command has them."""

    @contextmanager
    def unit() -> Iterator[Context[Any]]:
        with company.acting(None, "exchange") as x:
            yield x

    return unit


@pytest.fixture
def bring(company: Company) -> Import:
    """``bring("complaints", path, person="service_lead_n1")``: check and import, as the command does."""

    def run(
        name: str, path: Path, *, person: str | None = None, at: Company | None = None, **more: Any
    ) -> dict[str, Any]:
        where = at or company
        return import_file(units(where), name, path, person=where.people[person] if person else None, **more)

    return run
