"""The addresses of this module beside those of its records."""

from __future__ import annotations

from dougong import PageRoute

from . import holds
from .pages import accesses, api, case, retention, search

_SAY = api.DESCRIBED
ROUTES = (
    PageRoute("search", search.show),
    PageRoute("search", search.find, "POST", costly=True),
    PageRoute("case/{id}", case.show, costly=True),
    PageRoute("case/{id}/mentions", case.mentions, costly=True),
    PageRoute("case/{id}/export", case.export, "POST"),
    PageRoute("case/{id}/exported", case.exported, "POST", costly=True),
    PageRoute("case/{id}/erase", case.erase, "POST"),
    PageRoute("case/{id}/erased", case.erased, "POST", costly=True),
    PageRoute("case/{id}/account", case.account),
    PageRoute("terms", retention.show),
    PageRoute("accesses", accesses.show),
    PageRoute("lookups", accesses.lookups),
    PageRoute("hold/{kind}/{id}", holds.show),
    PageRoute("hold/{kind}/{id}", holds.change, "POST"),
    PageRoute("search", api.search, "POST", api=True, costly=True, describes=_SAY["search"]),
    PageRoute("case/{id}/found", api.found, api=True, costly=True, describes=_SAY["found"]),
    PageRoute("case/{id}/export", api.export, "POST", api=True, costly=True, describes=_SAY["export"]),
    PageRoute("case/{id}/erase", api.erase, "POST", api=True, costly=True, describes=_SAY["erase"]),
    PageRoute("hold/{kind}/{id}", holds.put, "POST", api=True, describes=_SAY["hold"]),
    PageRoute("hold/{kind}/{id}/release", holds.remove, "POST", api=True, describes=_SAY["release"]),
    PageRoute("terms", api.terms, api=True, describes=_SAY["terms"]),
    PageRoute("accesses", api.accesses, api=True, describes=_SAY["accesses"]),
)
