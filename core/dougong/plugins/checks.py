"""What is asked of one plugin before it may stand: its manifest, its hooks, and that it declares only what is its own."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

import pluggy
from pydantic import BaseModel

from .. import hookspecs
from ..words import Lazy, translator
from .manifest import Failure, Manifest

_ = translator("dougong")

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("dougong_"))
SCHEMAS = ("core", "platform", "public", "information_schema")
ADDRESSES = ("api", "admin", "static", "account", "signin", "signout", "invite", "explain", "healthz", "readyz")
RESERVED = frozenset([*SCHEMAS, *ADDRESSES])
# What the platform itself does with every record: a step of such a name would be told twice in the API's description, and its
# permission would be taken for the platform's own. "edit" changes fields and is nobody's step.
OPERATIONS = frozenset({
    "attach", "bulk", "bulk_run", "chain", "change_view", "comment", "create", "delete_view", "edit", "explain", "get", "history",
    "link", "links", "list", "moderate", "read", "reveal", "save_view", "view", "views",
})  # fmt: skip


def check_manifest(name: str, module: object) -> Manifest | Failure:
    """The manifest of an imported plugin.

    :param name: name of the entry point, for the message where the manifest gives none.
    """
    manifest = getattr(module, "manifest", None)
    if not isinstance(module, ModuleType) or not isinstance(manifest, Manifest):
        return Failure(
            name,
            _("The plugin “{name}” has no manifest.").format(name=name),
            _("Its entry point must lead to a module with “manifest = Manifest(…)”; see the plugin guide."),
        )
    pattern = r"[a-z][a-z0-9_]{0,39}" if manifest.kind == "module" else r"[a-z][a-z0-9_-]{0,39}"
    known = manifest.kind in ("module", "theme")
    if not known or not re.fullmatch(pattern, manifest.name) or manifest.name.startswith("pg_"):
        return Failure(
            name,
            _("The manifest of “{name}” has an impossible name or kind: {found}.").format(
                name=name, found=f"{manifest.name!r}, {manifest.kind!r}"
            ),
            _("A name has small letters, digits and underscores; the kind is “module” or “theme”."),
        )
    if manifest.name in RESERVED:
        return Failure(
            name,
            _("“{name}” calls itself “{taken}”, which belongs to the platform.").format(name=name, taken=manifest.name),
            _("Give the plugin another name in its manifest."),
        )
    return manifest


def check_hooks(name: str, module: ModuleType) -> Failure | None:
    """Misspelt hooks, hooks without the marker, and arguments that the hook does not have."""
    marker = f"{hookspecs.hookimpl.project_name}_impl"
    for found, function in inspect.getmembers(module, inspect.isfunction):
        if not found.startswith("dougong_"):
            continue
        if found not in HOOKS:
            return _misspelt(name, found)
        if not hasattr(function, marker):
            return Failure(
                name,
                _("“{name}” defines {hook} without the marker @hookimpl, so it would never be called.").format(
                    name=name, hook=found
                ),
                _("Write @hookimpl above it, or rename the function."),
            )
    try:
        probe = manager()
        probe.register(module, name=name)
        probe.check_pending()
    except pluggy.PluginValidationError as error:
        return Failure(
            name,
            _("A hook of “{name}” does not fit: {error}").format(name=name, error=_reason(error)),
            _("Compare its arguments with dougong/hookspecs.py; fewer are allowed, others are not."),
        )
    return None


def manager() -> pluggy.PluginManager:
    """A plugin manager that knows the hooks and nothing else."""
    made = pluggy.PluginManager(hookspecs.hookspec.project_name)
    made.add_hookspecs(hookspecs)
    return made


def check_declared(name: str, declared: dict[str, Any], own: Iterable[str]) -> Failure | None:
    """Whether everything that the hooks returned is the module's own and can stand.

    :param declared: hook name (without ``dougong_``) → what it returned.
    :param own: permissions that follow from its resources.
    """
    for resource in declared["resources"]:
        for record in (resource.record, *getattr(resource, "timeline", ())):
            if record.kind.partition(".")[0] != name:
                return _foreign(name, _("record"), record.kind)
    for permission in declared["permissions"]:
        if permission.module != name or not permission.name.startswith(f"{name}."):
            return _foreign(name, _("permission"), permission.name)
    for job in declared["jobs"]:
        if not job.name.startswith(f"{name}."):
            return _foreign(name, _("job"), job.name)
    return (
        _repeated(name, [resource.kind for resource in declared["resources"]])
        or _repeated(name, [*own, *(permission.name for permission in declared["permissions"])])
        or _repeated(name, [job.name for job in declared["jobs"]])
        or _check_steps(name, declared["resources"])
        or _check_roles(name, declared, own)
        or _check_settings(name, declared["settings"])
    )


def _check_steps(name: str, resources: Iterable[Any]) -> Failure | None:
    for resource in resources:
        flow = getattr(resource, "flow", None)
        for step in sorted(OPERATIONS.intersection(flow.transitions if flow is not None else ())):
            return Failure(
                name,
                _("“{name}” calls a step of “{kind}” “{step}”, as the platform calls what it does itself.").format(
                    name=name, kind=resource.kind, step=step
                ),
                _("Give the step “{step}” another name.").format(step=step),
            )
    return None


def check_themes(themes: Mapping[str, Any]) -> Failure | None:
    """The first plugin whose theme has a name that is taken, or builds on one that is not there or on itself.

    :param themes: plugin → its theme, or None.
    """
    known: dict[str, Any] = {}
    for plugin, theme in themes.items():
        if theme is not None and known.setdefault(theme.name, theme) is not theme:
            return Failure(
                plugin,
                _("The theme “{theme}” of “{name}” has the name of another one.").format(theme=theme.name, name=plugin),
                _("Uninstall one of the two, or give the theme another name."),
            )
    for plugin, theme in themes.items():
        chain: list[str] = []
        while theme is not None and theme.parent and theme.name not in chain:
            chain.append(theme.name)
            parent, theme = theme.parent, known.get(theme.parent)
            if theme is None or theme.name in chain:
                return Failure(
                    plugin,
                    _("The theme of “{name}” builds on “{parent}”, which is not there or builds on it.").format(
                        name=plugin, parent=parent
                    ),
                    _("Install the theme “{parent}”, or name another one to build on.").format(parent=parent),
                )
    return None


def _check_roles(name: str, declared: dict[str, Any], own: Iterable[str]) -> Failure | None:
    known = {*own, *(permission.name for permission in declared["permissions"])}
    for role in declared["roles"]:
        for wanted in role.permissions:
            mine = wanted.startswith(f"{name}.")
            found = any(k.startswith(wanted[:-1]) for k in known) if wanted.endswith("*") else wanted in known
            if mine and not found:
                return Failure(
                    name,
                    _(
                        "“{name}” gives the role “{role}” the permission “{permission}”, which it does not declare."
                    ).format(name=name, role=role.slug, permission=wanted),
                    _did_you_mean(wanted, known),
                )
    return None


def _check_settings(name: str, model: Any) -> Failure | None:
    if model is None:
        return None
    try:
        if issubclass(model, BaseModel) and model() is not None:
            return None
        error = "BaseModel"
    except (TypeError, ValueError) as raised:  # pydantic's validation error is a ValueError
        error = str(raised).splitlines()[0]
    return Failure(
        name,
        _("The settings of “{name}” cannot stand as they are declared: {error}").format(name=name, error=error),
        _("Settings are a pydantic model in which every field has a default."),
    )


def _repeated(name: str, names: list[str]) -> Failure | None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if not twice:
        return None
    return Failure(
        name,
        _("“{name}” declares twice: {names}.").format(name=name, names=", ".join(twice)),
        _("Declare each once; permissions of records and transitions follow by themselves."),
    )


def _foreign(name: str, what: Lazy, found: str) -> Failure:
    return Failure(
        name,
        _("“{name}” declares the {what} “{found}”, which is not its own.").format(name=name, what=what, found=found),
        _("Its name must begin with “{name}.”.").format(name=name),
    )


def _misspelt(name: str, found: str) -> Failure:
    return Failure(
        name, _("“{name}” has an unknown hook {hook}.").format(name=name, hook=found), _did_you_mean(found, HOOKS)
    )


def _did_you_mean(found: str, known: Iterable[str]) -> Lazy:
    close = difflib.get_close_matches(found, list(known), n=1)
    if close:
        return _("Did you mean {close}?").format(close=close[0])
    return _("Known are: {known}.").format(known=", ".join(sorted(known)))


def _reason(error: pluggy.PluginValidationError) -> str:
    return " ".join(line.strip() for line in str(error).splitlines() if line.strip())
