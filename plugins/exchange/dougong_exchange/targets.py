"""The fields of a record that a file may fill, and by which words a column's heading names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dougong import Context, Importable, NotFound, Resource, Shape, field_set, speaking

from .sources.headings import normal

LANGUAGES = ("zh", "en")
_NOT = frozenset({"file"})
SITE_WORDS = ("site", "project", "小区", "项目", "项目点", "园区", "站点")


@dataclass(frozen=True)
class Target:
    """One field that a column may go into. ``own``: a system field that only an import may bring."""

    shape: Shape
    required: bool
    own: bool
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.shape.name


class Targets:
    """What of one resource can be imported in one company, by this person's rights."""

    def __init__(self, x: Context[Any], resource: Resource[Any]) -> None:
        self.x, self.resource = x, resource
        self.fields = field_set(resource, x.snapshot)
        self.importable = next((o for _m, o in x.contributed(Importable) if o.record is resource.record), None)

    @cached_property
    def by_name(self) -> dict[str, Target]:
        return {one.name: one for one in self._all()}

    def _all(self) -> Iterator[Target]:
        for shape in self.fields.asked.values():
            if shape.kind not in _NOT and self._may(shape):
                yield Target(shape, not shape.optional and shape.kind != "bool", False, self._words(shape))
        for name in self.importable.fields if self.importable else ():
            shape = self.fields.shown[name]
            if name not in self.fields.asked and self._may(shape):
                yield Target(shape, False, True, self._words(shape))

    def _may(self, shape: Shape) -> bool:
        """What one may not read anywhere one may not replace either."""
        return shape.meta.reads is None or bool(self.x.gate.scope(shape.meta.reads))

    def _words(self, shape: Shape) -> tuple[str, ...]:
        found = [shape.name, shape.name.removesuffix("_id"), shape.name.removesuffix("_at")]
        for language in LANGUAGES:
            with speaking(language):
                label = str(shape.meta.label)
                found += [label, f"{label} [{shape.name}]"]
        found += self.importable.aliases.get(shape.name, ()) if self.importable else ()
        return tuple(dict.fromkeys(normal(word) for word in found))

    @cached_property
    def site_words(self) -> frozenset[str]:
        found = [*SITE_WORDS, "site_id"]
        for language in LANGUAGES:
            with speaking(language):
                found.append(str(self.fields.shown["site_id"].meta.label))
        return frozenset(normal(word) for word in found)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that a heading could be."""
        return frozenset(word for one in self.by_name.values() for word in one.words) | self.site_words


def importable(x: Context[Any]) -> list[Resource[Any]]:
    """The resources that this person may bring records of, in the menu's order."""
    found = [r for r in x.registry.resources.values() if r.module in x.snapshot.modules and r.module != "exchange"]
    return [r for r in found if x.gate.scope(r.permission("create")).free and x.gate.scope(IMPORT).free]


def resource_named(x: Context[Any], kind: str, among: list[Resource[Any]] | None = None) -> Resource[Any]:
    """:raises NotFound: no such resource for this person."""
    found = next((r for r in (importable(x) if among is None else among) if r.kind == kind), None)
    if found is None:
        raise NotFound
    return found


IMPORT, EXPORT = "exchange.import", "exchange.export"
