"""``python -m tests.bench.exchange``: importing and exporting many complaints, beside a naive floor.

Ours: the module ``exchange`` as ``dougong import`` and ``dougong export`` use it, each in a process of its own, so that the
peak of memory is its own. Floor: openpyxl and the ORM, a row an object, everything in memory; fewer rows (``FLOOR``).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from dougong.access.tables import Person
from dougong.tenancy.tables import Site

ROWS = int(os.environ.get("EXCHANGE_ROWS", "100000"))
FLOOR = int(os.environ.get("EXCHANGE_FLOOR", "5000"))
HEAD = (
    "工单号", "项目", "登记时间", "投诉人", "电话", "投诉类型", "地点", "投诉内容", "投诉渠道", "身份", "严重程度",
    "紧急程度", "处理状态",
)  # fmt: skip


def row(n: int) -> tuple[str, ...]:
    when = f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d} 09:{n % 60:02d}:00"
    return (
        f"B-{n:07d}", "n1", when, f"业主{n % 900}", f"138{n % 10**8:08d}", "漏水", f"{n % 30 + 1} 号楼 2 单元",
        f"卫生间顶棚渗水，第 {n} 次报修", "电话", "业主", "一般", "普通", "关闭",
    )  # fmt: skip


def write(path: Path, rows: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    for n in range(rows):
        for column, text in enumerate(row(n)):
            sheet.write_string(n + 1, column, text)
    book.close()


def peak() -> tuple[float, float]:
    """Megabytes: of this process since it began, and of the largest of its children (the reader of workbooks)."""
    words = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()
    return int(words[0]) / 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measured(work: Any, rows: int) -> dict[str, Any]:
    begun = time.monotonic()
    out = work()
    took = time.monotonic() - begun
    own, child = peak()
    speed = {"rows": rows, "seconds": round(took, 1), "rows_a_second": round(rows / took)}
    return {**speed, "mb": round(own), "child_mb": round(child), "out": out}


def inside(what: str, address: str, folder: Path) -> dict[str, Any]:
    """One measurement, in a process of its own."""
    from uuid import UUID

    from dougong.plugins.loader import load
    from dougong.scheduling.jobs import Jobs
    from dougong.tenancy.cells import Cell
    from dougong.testing.companies import Company

    from .exchange_floor import floor_export, floor_import

    tenant, database = json.loads(address)
    registry = load()
    company = Company(Cell(database), registry, UUID(tenant), "bench", Jobs(registry.jobs))
    with company.session() as session:
        company.sites.update({site.slug: site.id for site in session.scalars(sa.select(Site))})
        company.people.update({person.username: person.id for person in session.scalars(sa.select(Person))})

    def unit() -> Any:
        return company.acting(None, "exchange")

    if what.startswith("import"):
        from dougong_exchange.commands import import_file

        path = folder / ("big.xlsx" if what.endswith("xlsx") else "big.csv")
        return measured(lambda: {k: v for k, v in import_file(unit, "complaints", path).items() if k != "faults"}, ROWS)
    if what.startswith("export"):
        from dougong_exchange import exporting
        from dougong_exchange.choices import Format

        format = next(f for f in Format if f.value == what.removeprefix("export-"))

        def out() -> int:
            with company.acting(None, "complaints") as x:
                found, tab = x.registry.resources["complaints.complaint"], [("tab", "all")]
                names = exporting.columns(x, found, tab, True)
                return exporting.export(x, found, folder / f"out.{format.value}", format, names, tab)

        return measured(out, ROWS)
    if what == "floor-import":
        return measured(lambda: floor_import(company, folder / "small.xlsx"), FLOOR)
    return measured(lambda: floor_export(company, folder / "floor.xlsx", FLOOR), FLOOR)


def run() -> dict[str, dict[str, Any]]:
    """All measurements, each on a database of its own but the exports, which take what was imported."""
    from dougong.migrations.runner import migrate
    from dougong.plugins.loader import load
    from dougong.tenancy.cells import Cell
    from dougong.testing.companies import found_company
    from dougong.testing.server import TestServer, open_folder

    registry, place = load(), open_folder()
    server = TestServer(place, lambda address: migrate(address, registry))
    folder, found = Path(tempfile.mkdtemp()), {}
    try:
        write(folder / "big.xlsx", ROWS)
        write(folder / "small.xlsx", FLOOR)
        with (folder / "big.csv").open("w", encoding="gb18030", newline="") as file:
            import csv

            csv.writer(file).writerows([HEAD, *(row(n) for n in range(ROWS))])
        for works in (("import-csv", "export-csv", "export-xlsx", "floor-export"), ("import-xlsx",), ("floor-import",)):
            with server.temporary() as database:
                company = found_company(database.owner, Cell(database.app), registry, "bench")
                address = json.dumps([str(company.tenant), database.app])
                for what in works:
                    command = [sys.executable, "-m", "tests.bench.exchange", what, address, str(folder)]
                    done = subprocess.run(command, capture_output=True, text=True, check=True)
                    found[what] = json.loads(done.stdout.splitlines()[-1])
                    print(what, json.dumps(found[what], ensure_ascii=False), flush=True)
    finally:
        server.server.erase()
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> dict[str, dict[str, Any]]:
    """Measure and print."""
    found = run()
    print(f"{'':14}{'rows':>9}{'seconds':>9}{'rows/s':>9}{'MB':>7}{'reader MB':>11}")
    for what, one in found.items():
        print(
            f"{what:14}{one['rows']:>9}{one['seconds']:>9}{one['rows_a_second']:>9}{one['mb']:>7}{one['child_mb']:>11}"
        )
    return found


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(inside(sys.argv[1], sys.argv[2], Path(sys.argv[3])), ensure_ascii=False))
    else:
        main()
