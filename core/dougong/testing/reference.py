"""The generated pages of ``docs/reference``: what is declared in code, written out for readers.

Run as ``python -m dougong.testing.reference`` at the root of the repository; a test fails when the committed pages
differ. Owns wording of headings only: every sentence of an entry stands where it is declared.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .. import words
from ..records.fields import is_amount
from .markdown import Page, Row, bounds, chinese, code, has_signature, methods, prose, signature, table

if TYPE_CHECKING:
    import click

    from ..plugins.registry import Registry

MADE = "<!-- Made by `make docs` from the code: change it there. -->"


def pages(registry: Registry) -> dict[str, str]:
    """File name → text, in English with the Chinese beside it where people see it."""
    made: dict[str, Callable[[Registry], Page]] = {
        "hooks.md": hooks,
        "names.md": names,
        "testing.md": testing,
        "api.md": api,
        "commands.md": commands,
        "configuration.md": configuration,
        "rights.md": rights,
        "settings.md": settings,
        "database.md": database,
    }
    spoken = words.locale.set("en")
    try:
        return {name: _written(make(registry)) for name, make in made.items()}
    finally:
        words.locale.reset(spoken)


def _written(page: Page) -> str:
    title, *rest = page
    text = "\n".join([f"# {title}", "", MADE, "", *rest])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def hooks(registry: Registry) -> Page:
    from .. import hookspecs

    page = ["Hooks", *prose(hookspecs)]
    for name, hook in vars(hookspecs).items():
        if not name.startswith("dougong_"):
            continue
        users = [one.package for one in registry.plugins.values() if hasattr(one.module, name)]
        page += [f"## {name}", "", "```python", f"def {name}{signature(hook)}", "```", "", *prose(hook)]
        page += [f"Used by: {', '.join(code(u) for u in users) or 'nobody yet'}.", ""]
    return page


def names(registry: Registry) -> Page:
    import dougong

    page = ["Public names", *prose(dougong)]
    for name in dougong.__all__:
        thing = getattr(dougong, name)
        page += [f"## {name}", ""]
        if get_args(thing):
            page += [f"A type for a field's annotation: `{', '.join(bounds(thing))}`.", ""]
            continue
        if has_signature(thing):
            page += ["```python", f"{name}{signature(thing)}", "```", ""]
        page += prose(thing) if inspect.getdoc(thing) else []
        page += list(methods(thing))
    page += ["# What pages are made of: `dougong.views`", ""]
    views = importlib.import_module("dougong.views")
    found = sorted(vars(views).items())
    shown = [(n, t) for n, t in found if inspect.isclass(t) and t.__module__.startswith("dougong.web")]
    return page + table(("Name", "What"), ((code(n), prose(t, first=True)[0]) for n, t in shown))


def testing(registry: Registry) -> Page:
    import dougong.testing

    from . import clock, companies, conformance, plugin

    page = ["The test kit: dougong.testing", *prose(dougong.testing), "## Fixtures", ""]
    found = [(name, one) for name, one in vars(plugin).items() if hasattr(one, "_fixture_function")]
    page += table(("Fixture", "What"), ((code(n), prose(one._fixture_function, first=True)[0]) for n, one in found))
    page += ["## Clock", "", *prose(clock.Clock), *methods(clock.Clock)]
    page += ["## Company", "", *prose(companies.Company), *methods(companies.Company)]
    page += ["## Conformance", "", *prose(conformance.Conformance), "Its tests:", ""]
    inherited = [name for part in conformance.Conformance.__mro__ for name in vars(part) if name.startswith("test_")]
    return page + [f"- `{name}`" for name in dict.fromkeys(inherited)]


def api(registry: Registry) -> Page:
    from ..web import admin, router
    from ..web.openapi import document
    from ..web.plans import plan_of

    page = [
        "The API",
        "The description in full, of one company's modules and in your language: `/api/v1/openapi.json` (OpenAPI 3.1).",
        "How to use it: [the API from a program](../how-to/administrator/use-the-api.md).",
        "",
    ]
    modules = frozenset(registry.modules)
    routes = [*router.routes_for(registry, modules), *admin.routes(registry, modules)]
    head = ("Method", "Address", "What", "Answers")
    for resource in registry.resources.values():
        plan = plan_of(resource)
        found: Mapping[str, Any] = document([plan], "")
        rows: list[Row] = [
            (code(method.upper()), code(path), one.get("summary", ""), ", ".join(sorted(one["responses"])))
            for path, methods in found["paths"].items()
            for method, one in methods.items()
            if method in ("get", "post", "patch", "put", "delete")
        ]
        rows += [
            (code(r.method), code(r.pattern), "Show a masked value; noted in the history", "")
            for r in routes
            if r.pattern.startswith(f"{plan.api_path}/{{id}}/reveal/")
        ]
        page += [f"## {resource.label} (`{resource.kind}`)", "", *table(head, rows)]
    own = [(code(r.method), code(r.pattern)) for r in routes if r.pattern.startswith("/api/v1/core/")]
    return [*page, "## Administration", "", *table(head[:2], own)]


def commands(registry: Registry) -> Page:
    from ..cli.root import root

    page = ["Commands", "All of them speak Chinese where `LANG` begins with `zh`.", ""]
    return page + list(_command(root, "dougong"))


def _command(command: click.Command, path: str) -> Iterator[str]:
    said = str(getattr(command, "words", "") or "")
    yield from (f"## {path}" if path.count(" ") < 2 else f"### {path}", "", said, "")
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    if not hasattr(command, "commands"):
        yield from (
            "```",
            " ".join([path, *(p.human_readable_name.upper() for p in arguments), "[OPTIONS]"]),
            "```",
            "",
        )
    if options:
        yield from table(("Option", "What"), (_option(one) for one in options))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (below := command.get_command(context, name)) is not None:
                yield from _command(below, f"{path} {name}")


def _option(one: Any) -> Row:
    default = one.default if one.show_default and one.default is not None else ""
    said = f"{one.words or ''}{' (required)' if one.required else ''}{f' (default: {default})' if default else ''}"
    names = ", ".join(one.opts)
    return code(names if one.is_flag else f"{names} {one.metavar or one.type.name.upper()}"), said


def configuration(registry: Registry) -> Page:
    from ..config import Config

    said = dict(re.findall(r":param (\w+): (.*?)(?=\n\s*:param|\Z)", inspect.getdoc(Config) or "", re.S))
    rows = (
        (
            code(f"DOUGONG_{name.upper()}"),
            said[name].replace("``", "`"),
            code("" if info.default is None else info.default),
        )
        for name, info in Config.model_fields.items()
    )
    return [
        "Configuration",
        "Read from the environment and from nowhere else. What a company sets for itself is in the database.",
        "",
        *table(("Variable", "What", "Default"), rows),
    ]


def rights(registry: Registry) -> Page:
    page = ["Permissions and standard posts", "## Permissions", ""]
    found = registry.permissions.values()
    page += table(("Permission", "English", "中文"), ((code(p.name), p.label, chinese(p.label)) for p in found))
    page += [
        "## Standard posts",
        "",
        "Defaults; a company changes them. Level: the line of command, higher above lower; 0 stands outside it.",
        "",
    ]
    for role in sorted(registry.roles.values(), key=lambda one: (-one.level, one.slug)):
        limited = f" Suggested relation: `{role.relation}`." if role.relation else ""
        page += [
            f"### {role.label} {chinese(role.label or role.slug)} (`{role.slug}`)",
            "",
            f"Level {role.level}.{limited}",
            "",
        ]
        page += [f"- `{name}`" for name in sorted(role.permissions)] + [""]
    return page


def settings(registry: Registry) -> Page:
    page = ["Settings", "What a company sets for itself, by module, with the defaults.", ""]
    for module, model in registry.settings.items():
        label = registry.plugins[module].manifest.label
        page += [f"## {label} (`{module}`)", "", *prose(sys.modules[model.__module__]), *prose(model), *_model(model)]
    return page


def _model(model: type[BaseModel], path: str = "") -> Page:
    rows: list[Row] = []
    below: Page = []
    for name, info in model.model_fields.items():
        default = info.get_default(call_default_factory=True)
        rows.append((code(f"{path}{name}"), *_setting(info), _default(default)))
        if isinstance(default, BaseModel):
            below += _model(type(default), f"{path}{name}.")
        elif isinstance(default, dict) and default and all(isinstance(v, BaseModel) for v in default.values()):
            below += _entries(f"{path}{name}", default)
    return table(("Key", "English", "中文", "Unit", "Bounds", "Default"), rows) + below


def _entries(path: str, found: Mapping[str, BaseModel]) -> Page:
    fields = list(type(next(iter(found.values()))).model_fields)
    rows = [(code(key), *(_default(getattr(one, f)) for f in fields)) for key, one in found.items()]
    return [f"`{path}`, each entry:", "", *table(("Key", *(code(f) for f in fields)), rows)]


def _setting(info: FieldInfo) -> Row:
    meta = getattr(info.json_schema_extra, "meta", None)
    extra: Mapping[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    label = meta.label if meta else extra.get("label", "")
    bounds = []
    for name, sign, strictest in _SIGNS:
        limits = [limit for one in info.metadata if (limit := getattr(one, name, None)) is not None]
        bounds += [f"{sign} {strictest(limits)}"] if limits else []
    unit = "fen" if is_amount(info.metadata) else meta.unit if meta and meta.unit else ""
    return label, chinese(label), unit, ", ".join(bounds)


_SIGNS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("ge", "≥", max), ("gt", ">", max), ("le", "≤", min), ("lt", "<", min), ("max_length", "at most", min),
)  # fmt: skip


def _default(value: Any) -> str:
    if value is PydanticUndefined or value is None or isinstance(value, BaseModel):
        return ""
    if isinstance(value, dict):
        return ", ".join(value)
    if isinstance(value, list | tuple):
        return ", ".join(code(one) for one in value)
    return code("yes" if value is True else "no" if value is False else value)


def database(registry: Registry) -> Page:
    from ..migrations.trees import trees
    from ..tenancy import audit, install
    from ..tenancy.stored import KINDS, POLICY
    from ..tenancy.tables import PLATFORM

    list(trees(registry))  # every declared table is imported
    page = ["Database roles and tables", "## Roles", "", *prose(install), "## Outside companies: schema `platform`", ""]
    page += [f"A fixed list, kept by the schema audit. {' '.join(prose(audit)[0:1])}", ""]
    outside = sorted(PLATFORM.tables.values(), key=lambda one: one.name)
    page += table(("Table", "Columns"), ((code(one.name), ", ".join(c.name for c in one.columns)) for one in outside))
    queue = ("procrastinate_*", "job_effect", "job_failure", "worker", "tick_seen")
    page += [f"Beside them: the queue's tables ({', '.join(map(code, queue))}) and `alembic_version`.", ""]
    page += [
        "## Of companies",
        "",
        "Each has `tenant_id` first in its key, FORCE row-level security, and this policy:",
        "",
    ]
    page += ["```sql", POLICY, "```", ""]
    modules = {"core", *registry.modules}
    found = [one for kind, one in sorted(KINDS.items()) if kind.partition(".")[0] in modules]
    rows = ((code(one.kind), one.label, chinese(one.label), code(one.privileges)) for one in found)
    return page + table(("Table", "English", "中文", "`dougong_app` may"), rows)


def write(registry: Registry, folder: Path) -> list[Path]:
    """Write the pages into ``folder``; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages(registry).items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def main() -> None:
    from ..plugins.loader import load

    for path in write(load(), Path("docs/reference")):
        print(path)


if __name__ == "__main__":
    main()
