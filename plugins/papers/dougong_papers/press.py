"""Setting a document: a form of ours, its words as JSON, its pictures as files, in a folder and a process of its own.

What people wrote comes as data and is never code of the form. The process may use so much memory and time and no
more; a few run at a time, the others wait their turn. Decides nothing about what is printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from dougong import Conflict, Problem, TooMany, translator

from .fonts import MEND, MISSING, font
from .words import fit

_ = translator("dougong_papers")

AT_ONCE = 2  # processes; each may use a core
MEMORY = 3 * 1024**3  # bytes of address space; a hundred forms with photos were seen to use half of it
SECONDS = 60  # a form takes less than one; 2,000 rows of a list two
WAITING = 30  # seconds for one's turn
_FORMS = ("common.typ", "parts.typ", "record.typ", "pack.typ", "list.typ", "labels.typ")
_turn = threading.BoundedSemaphore(AT_ONCE)


class Unset(Problem):
    """The document could not be set: no font, too large."""

    status = 503
    title = _("This cannot be printed now")


def press(form: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], own: str | None = None) -> bytes:
    """A PDF.

    :param form: ``record``, ``list``, ``labels`` or ``pack``; or what another module's form is called whose text is ``own``.
    :param data: what the form prints; ``fonts`` is added.
    :param pictures: by the name that ``data`` calls them.
    :raises Unset: there is no Chinese font. :raises TooMany: many are being made. :raises Conflict: it is too large.
    """
    chosen = font()
    if chosen is None:
        raise Unset(f"{MISSING} {MEND}")
    with tempfile.TemporaryDirectory(prefix="dougong-paper-") as name:
        folder = Path(name)
        for one in _FORMS:
            (folder / one).write_text(resources.files(__package__).joinpath("forms", one).read_text("utf-8"), "utf-8")
        if own is not None:
            (folder / f"{form}.typ").write_text(own, "utf-8")
        said = json.dumps({**fit(data), "fonts": [chosen.family]}, ensure_ascii=False)
        (folder / "data.json").write_text(said, "utf-8")
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        return _set(folder, form, chosen.folders)


def _set(folder: Path, form: str, fonts: tuple[str, ...]) -> bytes:
    setter = [sys.executable, "-I", "-m", "dougong_papers.setter"]
    command = [*setter, str(folder / f"{form}.typ"), str(MEMORY), str(SECONDS), *fonts]
    surroundings = {"PATH": os.defpath, "HOME": str(folder), "RAYON_NUM_THREADS": "2", "LANG": "C.UTF-8"}
    if not _turn.acquire(timeout=WAITING):
        raise TooMany(_("Many documents are being made at this moment. Try again in a minute."))
    try:
        done = subprocess.run(  # noqa: S603
            command, env=surroundings, cwd=folder, capture_output=True, timeout=SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    finally:
        _turn.release()
    out = folder / "out.pdf"
    if done.returncode < 0 or b"memory allocation" in done.stderr:  # a signal: time or memory was used up
        raise _too_large()
    if done.returncode or not out.is_file():
        raise RuntimeError(f"the form was not set: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return out.read_bytes()


def _too_large() -> Conflict:
    return Conflict(_("That is too much for one document. Choose fewer records, or leave the timeline or photos out."))


__all__ = ["Unset", "press"]
