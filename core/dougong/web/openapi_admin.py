"""The API's description of a company's administration: people, grants, roles, modules, settings, sites, explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from ..timing import schedule_desk
from ..words import Lazy, translator
from .admin import api, api_calendars, api_company
from .openapi_parts import Schema, described, parameter, tidy

_ = translator("dougong")

_TAG = "core"
_GET, _NEW, _SET = (
    (400, 401, 404),
    (400, 401, 403, 404, 409, 413, 415, 422),
    (400, 401, 403, 404, 409, 412, 413, 415, 422),
)
_OPERATIONS: tuple[tuple[str, str, Lazy, type[BaseModel] | Callable[[], Schema] | None, tuple[str, ...]], ...] = (
    ("get", "people", _("People"), None, ("q", "role", "status", "page")),
    ("post", "people", _("Add a person; the answer holds the invitation's secret, once"), api.NewPerson, ()),
    ("get", "people/{id}", _("A person"), None, ()),
    ("patch", "people/{id}", _("Change a person"), api.EditedPerson, ()),
    ("post", "people/{id}/invitation", _("Invite again; the secret is in this answer only"), None, ()),
    ("post", "people/{id}/disable", _("Disable a person"), None, ()),
    ("post", "people/{id}/enable", _("Enable a person"), None, ()),
    ("post", "people/{id}/deputies", _("Name a deputy for a time"), api.NewDeputy, ()),
    ("delete", "people/{id}/deputies/{deputy}", _("End a deputy's time"), None, ()),
    ("get", "grants", _("Grants"), None, ("person", "role", "page")),
    ("post", "grants", _("Grant a role at a site"), api.NewGrant, ()),
    ("get", "grants/{id}", _("A grant"), None, ()),
    ("delete", "grants/{id}", _("Take a grant back"), None, ()),
    ("get", "roles", _("Roles"), None, ("page",)),
    ("post", "roles", _("Add a role"), api.NewRole, ()),
    ("get", "roles/{slug}", _("A role"), None, ()),
    ("patch", "roles/{slug}", _("Change a role"), api.EditedRole, ()),
    ("get", "modules", _("Modules"), None, ()),
    ("get", "modules/{name}", _("A module"), None, ()),
    ("patch", "modules/{name}", _("Switch a module on or off"), api_company.SwitchedModule, ()),
    ("get", "settings", _("Settings of all modules"), None, ()),
    ("get", "settings/{module}", _("Settings of a module"), None, ()),
    ("patch", "settings/{module}", _("Change settings of a module"), None, ()),
    ("get", "calendars", _("Calendars"), None, ()),
    ("post", "calendars", _("Add a calendar"), api_calendars.described, ()),
    ("get", "calendars/{slug}", _("A calendar; “default” is the company's own hours"), None, ()),
    ("patch", "calendars/{slug}", _("Change a calendar"), api_calendars.described, ()),
    ("delete", "calendars/{slug}", _("Delete a calendar that holds nowhere"), None, ()),
    ("get", "calendars/{slug}/days", _("What each day of a calendar is, and its shifts"), None, ("from", "until", "site")),
    ("get", "calendars/{slug}/due", _("When a term on a calendar ends"), None, ("start", "days", "hours", "site")),
    ("get", "calendars/uses", _("Where calendars hold"), None, ()),
    ("put", "calendars/uses", _("Let a calendar hold at a site, or for a post"), api_calendars.Use, ()),
    ("get", "calendars/holds", _("Which calendar holds somewhere, and why"), None, ("site", "post")),
    ("get", "sites", _("Sites"), None, ()),
    ("post", "sites", _("Add a site"), api_company.NewSite, ()),
    ("get", "sites/{slug}", _("A site"), None, ()),
    ("patch", "sites/{slug}", _("Change a site"), api_company.EditedSite, ()),
    ("get", "schedules", _("Schedules"), None, ("module", "state", "active", "site", "page")),
    ("get", "schedules/{id}", _("A schedule"), None, ()),
    ("patch", "schedules/{id}", _("Change a schedule; needs If-Match"), schedule_desk.Body, ()),
    ("get", "schedules/{id}/times", _("The next times of a schedule"), None, ("most",)),
    ("post", "schedules/{id}/run", _("Run a schedule at once"), None, ()),
    ("post", "schedules/{id}/skip", _("Leave out the next run of a schedule"), None, ("next",)),
    ("post", "schedules/{id}/pause", _("Pause a schedule"), None, ()),
    ("post", "schedules/{id}/resume", _("Resume a schedule"), None, ()),
    ("post", "schedules/{id}/reset", _("A schedule as its module delivers it"), None, ()),
    ("get", "schedules/upcoming", _("What fires in the next days"), None, ("days", "module", "site")),
    ("get", "schedules/runs", _("Runs of schedules, the newest first"), None,
     ("state", "schedule", "at.from", "at.to", "site", "page")),
    ("get", "schedules/runs/{id}", _("A run, with why each try failed"), None, ()),
    ("post", "schedules/runs/{id}/again", _("Run again what failed, was missed or left out"), None, ()),
    ("post", "schedules/runs/{id}/unskip", _("Let a run that was left out take place after all"), None, ()),
    ("get", "approvals", _("What waits for my approval, what I submitted, what I signed"), None,
     ("part", "module", "site", "limit", "after")),
    ("get", "jobs", _("Background work"), None, ("state", "module", "before")),
    ("get", "jobs/{id}", _("A job, with why each try failed"), None, ()),
    ("post", "jobs/{id}/retry", _("Try a failed job again"), None, ()),
    ("delete", "jobs/{id}", _("Drop a failed job: what it was to do is not done"), None, ()),
    ("get", "explain", _("Why may somebody, or may they not?"), None, ("action", "person", "at", "record")),
)
_ANY: Schema = {"type": "object"}


def admin_paths() -> Schema:
    """Paths and operations, in the current locale."""
    paths: Schema = {}
    for method, path, words, model, queries in _OPERATIONS:
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        given = [parameter(name, "path", name, {"type": "string"}, required=True) for name in names]
        given += [parameter(name, "query", name, {"type": "string"}) for name in queries]
        sent: Any = _ANY if (method, path[:8]) == ("patch", "settings") else None
        if model is not None:
            sent = tidy(_inlined(model)) if isinstance(model, type) else model()
        status = 201 if method == "post" and "{" not in path else 200
        refused = _GET if method == "get" else _NEW if method == "post" else _SET
        made = described(str(words), answer=_ANY, body=sent, status=status, parameters=given, refusals=refused)
        made |= {
            "operationId": f"core.{path.replace('/', '.').replace('{', '').replace('}', '')}.{method}",
            "tags": [_TAG],
        }
        paths.setdefault(f"{api.API}/{path}", {})[method] = made
    return paths


def _inlined(model: type[BaseModel]) -> Schema:
    """The model's schema; these are flat, so that it refers to nothing."""
    schema = model.model_json_schema()
    schema.pop("$defs", None)
    return schema
