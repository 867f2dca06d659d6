"""The command ``dougong``: everything an operator does to an installation, in words or as JSON (``--json``).

Owns arguments, output and exit codes (1: not done, 2: wrong usage). What a command does is done by the layers below;
they are imported when a command runs, so that ``dougong --help`` is quick.
"""

from __future__ import annotations


def main() -> None:
    """The entry point of the script ``dougong``."""
    from .root import root

    root(prog_name="dougong")


__all__ = ["main"]
