"""Laying out generated Python within the line length of the house, so that a written migration passes the linter."""

from __future__ import annotations

import io
import tokenize

WIDTH = 120


def wrapped(code: str, width: int = WIDTH) -> str:
    """The code with every call that is too long for a line spread over several, one argument a line."""
    return "\n".join(piece for line in code.splitlines() for piece in _spread(line.rstrip(), width)) + "\n"


def _spread(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    cuts = _cuts(line)
    if cuts is None:
        return [line]
    start, ends, stop = cuts
    indent = " " * (len(line) - len(line.lstrip()))
    pieces = [line[a:b].strip() for a, b in zip([start, *ends], [*ends, stop], strict=True)]
    inner = [f"{indent}    {piece.rstrip(',')}," for piece in pieces if piece]
    return [line[:start], *(part for one in inner for part in _spread(one, width)), f"{indent}{line[stop:]}"]


def _cuts(line: str) -> tuple[int, list[int], int] | None:
    """Where the outermost bracket opens, where its arguments end, and where it closes; None without a whole one."""
    depth, start = 0, -1
    ends: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(line.strip()).readline):
            at = token.end[1] + len(line) - len(line.lstrip())
            if token.type != tokenize.OP:
                continue
            if token.string in "([{":
                depth += 1
                start = at if depth == 1 else start
            elif token.string in ")]}":
                depth -= 1
                if depth == 0:
                    return start, ends, at - 1
            elif token.string == "," and depth == 1:
                ends.append(at)
    except tokenize.TokenError:
        return None
    return None
