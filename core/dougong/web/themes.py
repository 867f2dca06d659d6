"""Themes: which templates, words and static files draw a company's pages.

A theme is a package with ``templates/``, ``static/`` and ``locale/``; it may build on another one and then holds only
what differs. Owns one Jinja environment per theme and language, in which fixed words are translated when a template
is compiled. A shared environment with a switching loader would serve one company's cached template to another, so
there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from ..words import DEFAULT_LOCALE, LOCALES, Lazy, locale, translate
from .static import Assets


@dataclass(frozen=True)
class Theme:
    """A look, as a theme's distribution declares it.

    :param name: stable slug, used in settings and addresses (``/static/<name>/…``).
    :param package: importable package that holds ``templates``, ``static`` and ``locale``.
    :param parent: name of the theme it builds on; its files are used where this one has none.
    """

    name: str
    label: Lazy
    package: str
    parent: str | None = None


class Themes:
    """The environments of all installed themes.

    :param plugins: module name → package; ``<package>/templates/<module>/x.html`` is the template ``<module>/x.html``,
        which a theme may override under the same name.
    :raises ValueError: there is no theme at all, or one builds on one that is not installed, or on itself.
    """

    def __init__(self, themes: Mapping[str, Theme], plugins: Mapping[str, str], *, default: str = "plain") -> None:
        if not themes:
            raise ValueError("no theme could be loaded; “dougong doctor” says why (usually: install dougong-theme-plain)")
        self.known = dict(themes)
        self.default = default if default in themes else next(iter(themes))
        packages = {name: theme.package for name, theme in themes.items()}
        self.assets = Assets({"core": "dougong", **plugins, **packages})
        self.environments = {
            (name, spoken): self._environment(_chain(theme, themes), plugins, spoken)
            for name, theme in themes.items()
            for spoken in LOCALES
        }

    def _environment(self, chain: Sequence[Theme], plugins: Mapping[str, str], spoken: str) -> jinja2.Environment:
        folders = [_templates(theme.package) for theme in chain]
        loaders: list[jinja2.BaseLoader] = [
            jinja2.FileSystemLoader(folders),
            jinja2.PrefixLoader({theme.name: jinja2.FileSystemLoader(_templates(theme.package)) for theme in chain}),
            jinja2.PrefixLoader({m: jinja2.FileSystemLoader(f"{_templates(p)}/{m}") for m, p in plugins.items()}),
        ]
        packages = tuple(dict.fromkeys([*(theme.package for theme in chain), "dougong", *plugins.values()]))
        environment = _Environment(
            _words(packages, spoken),
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.globals.update(
            _=environment.say,
            static=self._addresses([theme.name for theme in chain], plugins),
            inline=self._inline([theme.name for theme in chain]),
        )
        return environment

    def _addresses(self, chain: Sequence[str], plugins: Mapping[str, str]) -> Callable[[str], str]:
        known: dict[str, str] = {}

        def static(path: str) -> str:
            """The address of a file: the theme's, a parent's, else ``<module>/<path>`` of a plugin or ``core/<path>``."""
            if path not in known:
                owners = [path] if path.partition("/")[0] in ("core", *plugins) else []
                known[path] = self.assets.address(self._found(path, chain, owners))
            return known[path]

        return static

    def _inline(self, chain: Sequence[str]) -> Callable[[str], Markup]:
        def inline(path: str) -> Markup:
            """A static file of the theme's own as markup: only for what the distribution ships, such as the icons' sprite."""
            return Markup(self.assets.text(self._found(path, chain)))  # noqa: S704

        return inline

    def _found(self, path: str, chain: Sequence[str], further: Sequence[str] = ()) -> str:
        for owner in (*(f"{name}/{path}" for name in chain), *further):
            if owner in self.assets:
                return owner
        raise LookupError(f"no static file {path!r} in the themes {', '.join(chain)}")

    def environment(self, name: str) -> jinja2.Environment:
        """The environment of a theme in the current locale; the default theme's where that one is not installed (any more)."""
        spoken = locale.get()
        spoken = spoken if spoken in LOCALES else DEFAULT_LOCALE
        return self.environments.get((name, spoken)) or self.environments[self.default, spoken]

    def render(self, theme: str, template: str, **context: Any) -> str:
        """Draw a page in the current locale."""
        return self.environment(theme).get_template(template).render(context)


def _chain(theme: Theme, themes: Mapping[str, Theme]) -> list[Theme]:
    chain = [theme]
    while (parent := chain[-1].parent) is not None:
        if parent not in themes or any(t.name == parent for t in chain):
            raise ValueError(f"theme {theme.name!r} builds on {parent!r}, which is not installed or builds on itself")
        chain.append(themes[parent])
    return chain


def _templates(package: str) -> str:
    return str(resources.files(package).joinpath("templates"))


def _words(packages: Sequence[str], spoken: str) -> Callable[[str], str]:
    """``_("…")`` of templates: the theme's catalogue first, then the core's, then the plugins'."""
    known: dict[str, str] = {}

    def say(msgid: str) -> str:
        text = known.get(msgid)
        if text is None:
            found = (translate(msgid, package, spoken) for package in packages)
            text = known[msgid] = next((t for t in found if t != msgid), msgid)
        return text

    return say


class _Environment(jinja2.Environment):
    """An environment of one language: ``_("fixed words")`` become constants when a template is compiled."""

    def __init__(self, say: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.say = say

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Speaking(self.say).visit(tree)
        return tree


class _Speaking(NodeTransformer):
    def __init__(self, say: Callable[[str], str]) -> None:
        self.say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        target, given = node.node, node.args
        fixed = isinstance(target, nodes.Name) and target.name == "_" and len(given) == 1 and not node.kwargs
        if fixed and isinstance(given[0], nodes.Const) and isinstance(given[0].value, str):
            return nodes.Const(self.say(given[0].value), lineno=node.lineno)
        return node
