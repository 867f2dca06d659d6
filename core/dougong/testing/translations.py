"""Are the translations complete? Every message in code and templates needs Chinese, with the same ``{names}``.

Run as ``python -m dougong.testing.translations [folder of a package …]``; without a folder: all installed ones. Reads
files only, so that it works before anything can be imported.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from importlib.metadata import entry_points
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

KEYWORDS = {"_": None}
SUFFIXES = {".py": "python", ".html": "jinja2", ".txt": "jinja2", ".svg": "jinja2", ".xml": "jinja2"}
OPTIONS = {"jinja2": {"extensions": "jinja2.ext.do", "silent": "false"}, "python": {}}
SKIPPED = ("testing", "versions", "static")


@dataclass(frozen=True)
class Hole:
    """A message without a translation, or with one that does not fit."""

    file: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


def holes(package: Path, locale: str = "zh") -> Iterator[Hole]:
    """Everything that is missing or wrong in one package (its folder).

    A package that translates nothing needs no catalogue.
    """
    catalogue_file = package / "locale" / f"{locale}.po"
    catalogue = _read(catalogue_file, locale)
    used: set[str] = set()
    for file, line, message in messages(package):
        used.add(message)
        found = catalogue.get(message)
        if found is None or not found.string or found.fuzzy:
            yield Hole(file, line, f"no translation ({locale}) of {message!r}")
        elif _names(message) != _names(str(found.string)):
            yield Hole(file, line, f"the translation ({locale}) of {message!r} has other {{names}}")
    for known in catalogue:
        if known.id and str(known.id) not in used:
            yield Hole(catalogue_file, known.lineno or 0, f"nobody uses {known.id!r} any more")


def messages(package: Path) -> Iterator[tuple[Path, int, str]]:
    """File, line and text of every message: ``_("…")`` in Python, ``{{ _("…") }}`` in templates."""
    for file in sorted(package.rglob("*")):
        method = SUFFIXES.get(file.suffix)
        if method is None or file.relative_to(package).parts[0] in SKIPPED:
            continue
        source = file.read_bytes()
        if method == "python":
            yield from ((file, line, text) for line, text in _in_python(source.decode("utf-8")))
            continue
        for line, text, *_rest in extract(method, io.BytesIO(source), KEYWORDS, (), OPTIONS[method]):
            yield file, line, text if isinstance(text, str) else text[0]


def _in_python(source: str) -> Iterator[tuple[int, str]]:
    # Babel's own extractor reads tokens and takes the loop variable of `for _ in …` or a docstring's example for a call.
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                yield node.lineno, first.value


def _read(file: Path, locale: str) -> Catalog:
    if not file.exists():
        return Catalog(locale=locale)
    with file.open("rb") as source:
        return read_po(source, locale=locale)


def _names(text: str) -> set[str]:
    try:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    except ValueError:
        return {"(unbalanced braces)"}


def installed() -> list[Path]:
    """The folders of the core and of every installed plugin and theme."""
    names = {"dougong", *(point.module.partition(".")[0] for point in entry_points(group="dougong.plugins"))}
    found = (util.find_spec(name) for name in sorted(names))
    return [Path(place) for spec in found if spec for place in spec.submodule_search_locations or ()]


def main(folders: list[str]) -> int:
    """Print every hole; the number of them, at most 1, is the exit code."""
    found = [hole for folder in ([Path(f) for f in folders] or installed()) for hole in holes(folder)]
    for hole in found:
        print(hole)
    print(f"translations: {len(found)} to mend" if found else "translations: complete")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
