"""Parts of the generated pages: docstrings, signatures and tables as Markdown. Knows nothing of what is documented."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from .. import words

Page = list[str]
Row = Sequence[object]


def table(head: Row, rows: Iterable[Row]) -> Page:
    found = [[_cell(one) for one in row] for row in rows]
    return [
        f"| {' | '.join(map(str, head))} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in found),
        "",
    ]


def _cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|").strip()


def code(value: object) -> str:
    return f"`{value}`" if str(value) else ""


def chinese(text: words.Lazy | str) -> str:
    spoken = words.locale.set("zh")
    try:
        return str(text)
    finally:
        words.locale.reset(spoken)


def prose(thing: object, *, first: bool = False) -> Page:
    """A docstring with its parameters as a list."""
    text = inspect.getdoc(thing) or ""
    text = re.sub(r":(?:class|func|meth):`~?([\w.]+)`", r"`\1`", text).replace("``", "`")
    text = re.sub(r"^=+  =+$\n((?:.+\n)+?)^=+  =+$", _listed, text, flags=re.M)
    head, *rest = re.split(r"(?m)(?:^| )(?=:(?:param|ivar|cvar|returns?|raises)\b)", text)
    out = head.strip().split("\n")
    if first:
        return [" ".join(out[: out.index("")] if "" in out else out)]
    listed = [_parameter(" ".join(part.split())) for part in rest]
    return [*out, *([""] if listed else []), *listed, ""]


def _listed(found: re.Match[str]) -> str:
    """A table of two columns as a list."""
    return re.sub(r"(?m)^(\S+)\s+(.*)$", r"- \1: \2", found[1]).rstrip()


def _parameter(text: str) -> str:
    kind, names, said = re.match(r":(\w+)\s*([^:]*):\s*(.*)", text, re.S).groups()  # type: ignore[union-attr]
    shown = ", ".join(f"`{name.strip()}`" for name in names.split(",") if name.strip())
    lead = {"raises": "raises ", "return": "returns", "returns": "returns"}.get(kind, "")
    return f"- {lead}{shown}: {said}"


def signature(thing: Any) -> str:
    """As it is written: annotations are text (``from __future__ import annotations``)."""
    shown = inspect.signature(thing)
    plain = [p.replace(annotation=_bare(p.annotation), default=p.default) for p in shown.parameters.values()]
    text = str(shown.replace(parameters=plain, return_annotation=_bare(shown.return_annotation)))
    return re.sub(r" at 0x[0-9a-f]+|<factory>", "…", text)


def _bare(annotation: Any) -> Any:
    """Something that shows itself as the annotation is written."""
    if annotation is inspect.Signature.empty or not isinstance(annotation, str):
        return annotation
    return type("Written", (), {"__repr__": lambda _self: annotation})()


def bounds(annotated: Any) -> list[str]:
    """What an annotated type says of its values, without what concerns the column."""
    plain, *said = get_args(annotated)
    found = [getattr(plain, "__name__", str(plain))]
    for one in said:
        limits = {k: v for k, v in vars(one).items() if v is not None} if hasattr(one, "__dict__") else {}
        found += [f"{k}={limits[k]!r}" for k in ("min_length", "max_length", "pattern") if k in limits]
        for meta in getattr(one, "metadata", ()):
            found += [f"{k}={getattr(meta, k)}" for k in ("ge", "le") if getattr(meta, k, None) is not None]
    return found


def has_signature(thing: Any) -> bool:
    if inspect.isfunction(thing):
        return True
    mapped = hasattr(thing, "metadata")  # SQLAlchemy's own constructor takes every column
    return inspect.isclass(thing) and not mapped and inspect.isfunction(vars(thing).get("__init__"))


def methods(thing: Any) -> Iterator[str]:
    if not inspect.isclass(thing):
        return
    for name, method in vars(thing).items():
        shown = inspect.unwrap(method) if inspect.isfunction(method) else None
        if shown is None or name.startswith("_") or not inspect.getdoc(shown):
            continue
        text = signature(shown).replace("(self, ", "(", 1).replace("(self)", "()", 1)
        yield f"- `{name}{text}`: {prose(shown, first=True)[0]}"
    yield ""


__all__ = ["Page", "Row", "bounds", "chinese", "code", "has_signature", "methods", "prose", "signature", "table"]
