"""The process that sets one document: ``python -m dougong_papers.setter FORM MEMORY SECONDS FONTS…``.

It reads the form and what lies in its folder, writes ``out.pdf`` there, and has nothing else: no database, no
secrets in its surroundings, no packages from anywhere. It bounds its own memory and time before it begins.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import typst


def main(form: str, memory: str, seconds: str, *fonts: str) -> None:
    """:param memory: bytes of address space. :param seconds: of processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    here = Path(form).parent
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(fonts))
    nowhere = here / "packages"  # empty: a document can bring nothing in
    made = typst.Compiler(
        input=Path(form), root=here, font_paths=found, package_path=nowhere, package_cache_path=nowhere
    )
    made.compile(output=here / "out.pdf", format="pdf")


if __name__ == "__main__":
    main(*sys.argv[1:])
