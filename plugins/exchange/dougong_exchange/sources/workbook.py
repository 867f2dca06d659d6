"""Rows of a workbook (.xlsx, .xls, .ods): read by a process with limits of its own, taken in line by line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dougong import translator

from . import workbook_child
from .refusals import Unreadable

_ = translator("dougong_exchange")


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of the first sheet; formulas as the values they had.

    :raises Unreadable: damaged, or more than can be read.
    """
    command = [sys.executable, "-X", "utf8", workbook_child.__file__, str(path)]
    child = subprocess.Popen(  # noqa: S603 - our own program; the path is an argument, not a part of a shell's line
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    assert child.stdout is not None
    ended = False
    try:
        for line in child.stdout:
            found = json.loads(line)
            if found is None:
                ended = True
                break
            yield found[0], found[1]
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
    if not ended:
        raise Unreadable(_("The workbook is damaged, or far too large. Save it anew, split it, or send .csv."))
