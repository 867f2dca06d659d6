"""The administrator's pages and their API twins: people, roles, grants, modules, settings, sites, history, explain.

Every change goes through the services of ``access``; here are only questions, answers and forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..routing import Route
from . import (
    api,
    api_company,
    api_fields,
    api_jobs,
    deputies,
    explain,
    fields,
    grants,
    history,
    jobs,
    locations,
    matrix,
    modules,
    people,
    people_edit,
    roles,
    settings,
    sites,
    start,
)

if TYPE_CHECKING:
    from ...plugins.registry import Registry

_PAGES = [
    Route("GET", "/admin", start.show),
    Route("GET", "/explain", explain.show),
    Route("GET", "/admin/explain", explain.show),
    Route("GET", "/admin/history", history.index),
    Route("GET", "/admin/people", people.index),
    Route("GET", "/admin/people/new", people_edit.new),
    Route("POST", "/admin/people/new", people_edit.create),
    Route("GET", "/admin/people/{id}", people.show),
    Route("GET", "/admin/people/{id}/edit", people_edit.edit),
    Route("POST", "/admin/people/{id}/edit", people_edit.save),
    Route("GET", "/admin/people/{id}/invite", people_edit.confirm_invite),
    Route("POST", "/admin/people/{id}/invite", people_edit.invite),
    Route("GET", "/admin/people/{id}/disable", people_edit.confirm_disable),
    Route("POST", "/admin/people/{id}/disable", people_edit.disable),
    Route("POST", "/admin/people/{id}/enable", people_edit.enable),
    Route("POST", "/admin/people/{id}/signout", people_edit.sign_out),
    Route("GET", "/admin/people/{id}/deputies/new", deputies.new),
    Route("POST", "/admin/people/{id}/deputies/new", deputies.create),
    Route("POST", "/admin/people/{id}/deputies/{deputy}/end", deputies.end),
    Route("GET", "/admin/grants", matrix.show),
    Route("GET", "/admin/grants/new", grants.new),
    Route("POST", "/admin/grants/new", grants.create),
    Route("GET", "/admin/grants/bulk", grants.bulk),
    Route("POST", "/admin/grants/bulk", grants.create_bulk),
    Route("GET", "/admin/grants/{id}/revoke", grants.confirm_revoke),
    Route("POST", "/admin/grants/{id}/revoke", grants.revoke),
    Route("GET", "/admin/roles", roles.index),
    Route("GET", "/admin/roles/new", roles.new),
    Route("POST", "/admin/roles/new", roles.create),
    Route("GET", "/admin/roles/{slug}", roles.show),
    Route("POST", "/admin/roles/{slug}", roles.save),
    Route("GET", "/admin/modules", modules.index),
    Route("POST", "/admin/modules/{name}/on", modules.switch_on),
    Route("GET", "/admin/modules/{name}/off", modules.confirm_off),
    Route("POST", "/admin/modules/{name}/off", modules.switch_off),
    Route("GET", "/admin/modules/{name}/sites", modules.sites),
    Route("POST", "/admin/modules/{name}/sites", modules.off_at_site),
    Route("POST", "/admin/modules/{name}/sites/{slug}/on", modules.on_at_site),
    Route("GET", "/admin/settings", settings.index),
    Route("GET", "/admin/settings/{module}", settings.show),
    Route("POST", "/admin/settings/{module}", settings.save),
    Route("GET", "/admin/fields", fields.index),
    Route("GET", "/admin/fields/new/{kind}", fields.new),
    Route("POST", "/admin/fields/new/{kind}", fields.create),
    Route("GET", "/admin/fields/{id}", fields.show),
    Route("POST", "/admin/fields/{id}", fields.save),
    Route("POST", "/admin/fields/{id}/{what}", fields.put),
    Route("GET", "/admin/jobs", jobs.index),
    Route("POST", "/admin/jobs/retry", jobs.retry_chosen),
    Route("POST", "/admin/jobs/drop", jobs.drop_chosen),
    Route("GET", "/admin/jobs/{id}", jobs.show),
    Route("POST", "/admin/jobs/{id}/retry", jobs.retry),
    Route("GET", "/admin/jobs/{id}/drop", jobs.confirm_drop),
    Route("POST", "/admin/jobs/{id}/drop", jobs.drop),
    Route("GET", "/admin/sites", sites.index),
    Route("GET", "/admin/sites/new", sites.new),
    Route("POST", "/admin/sites/new", sites.create),
    Route("GET", "/admin/sites/{slug}", sites.show),
    Route("GET", "/admin/sites/{slug}/edit", sites.edit),
    Route("POST", "/admin/sites/{slug}/edit", sites.save),
    Route("GET", "/admin/sites/{slug}/close", sites.confirm_close),
    Route("POST", "/admin/sites/{slug}/close", sites.close),
    Route("POST", "/admin/sites/{slug}/open", sites.reopen),
    Route("GET", "/admin/sites/{slug}/locations/{id}", locations.show),
    Route("POST", "/admin/sites/{slug}/locations/{id}", locations.save),
]


def routes(registry: Registry, modules: frozenset[str]) -> list[Route]:
    """The addresses of administration; they do not depend on which modules are on."""
    return [*_PAGES, *api.ROUTES, *api_company.ROUTES, *api_fields.ROUTES, *api_jobs.ROUTES]
