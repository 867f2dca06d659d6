"""The addresses that follow from the declarations: pages and API of every resource of a company's enabled modules.

A module that is off has no addresses. Compiled once per set of modules by the application.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from ..words import locale
from . import home
from .api import Api
from .api_writing import Writing
from .around import Around
from .boards import Boards
from .bulk import Bulk
from .bulk_api import BulkApi
from .calendars import Calendars
from .chains import Chains
from .columns import Columns
from .details import Details
from .editing import Editing
from .files import ROOM, Files
from .filterbar import AllFilters
from .lists import Lists
from .openapi import document
from .pages import packed
from .plans import Plan, plan_of
from .routing import PageRoute, Route
from .savedpages import SavedPages
from .search import PATH, Search
from .talk import Talk
from .transitions import Moves

if TYPE_CHECKING:
    from ..plugins.registry import Registry
    from ..tenancy.custom import AddedFields
    from .requests import Asked

_KEPT = 64


def routes_for(registry: Registry, modules: frozenset[str], added: AddedFields = MappingProxyType({})) -> list[Route]:
    """Pages and API of the resources of these modules, the start page and the API's description.

    :param added: the fields that a company added, by kind.
    """
    plans = [plan_of(r, added.get(r.kind, ())) for r in registry.resources.values() if r.module in modules]
    own = {name: pages for name, pages in registry.routes.items() if name in modules}
    routes = [Route("GET", "/", home.show), Route("GET", "/overdue", home.overdue)]
    routes += [Route("GET", "/api/v1/openapi.json", Description(plans, own).show)]
    search = Search(plans)
    if search.plans:
        routes += [Route("GET", PATH, search.show, costly=True), Route("GET", "/api/v1/search", search.api, costly=True)]
    for plan in plans:
        routes += _pages(plan)
        routes += _api(plan)
    return routes


def _pages(plan: Plan) -> list[Route]:
    lists, details, editing, moves, around = Lists(plan), Details(plan), Editing(plan), Moves(plan), Around(plan)
    files, talk = Files(plan), Talk(plan)
    one = f"{plan.path}/{{id}}"
    return [
        Route("GET", plan.path, lists.show),
        *_list_pages(plan),
        Route("GET", f"{plan.path}/new", editing.new),
        Route("POST", f"{plan.path}/new", editing.create),
        Route("GET", one, details.show),
        Route("POST", f"{one}/reveal/{{field}}", details.reveal),
        Route("GET", f"{one}/edit", editing.edit),
        Route("POST", f"{one}/edit", editing.save),
        Route("GET", f"{one}/do/{{transition}}", moves.show),
        Route("POST", f"{one}/do/{{transition}}", moves.take),
        Route("GET", f"{one}/explain", moves.explain),
        Route("GET", f"{one}/link", around.ask),
        Route("POST", f"{one}/link", around.join),
        Route("POST", f"{one}/files", files.add, uploads=ROOM),
        Route("GET", f"{one}/files/{{file}}", files.show),
        Route("GET", f"{one}/files/{{file}}/thumb", files.thumb),
        Route("POST", f"{one}/files/{{file}}/remove", files.remove),
        Route("POST", f"{one}/comments", talk.add),
        Route("GET", f"{one}/comments/people", talk.people),
        Route("POST", f"{one}/comments/{{comment}}/remove", talk.remove),
    ]


def _list_pages(plan: Plan) -> list[Route]:
    """What belongs to the list: its columns, views, what is done to many, board and calendar."""
    columns, saved, bulk = Columns(plan), SavedPages(plan), Bulk(plan)
    view = f"{plan.path}/views/{{view}}"
    made = [
        Route("GET", f"{plan.path}/filters", AllFilters(plan).show),
        Route("GET", f"{plan.path}/columns", columns.show),
        Route("POST", f"{plan.path}/columns", columns.save),
        Route("GET", f"{plan.path}/views", saved.index),
        Route("GET", f"{plan.path}/views/new", saved.new),
        Route("POST", f"{plan.path}/views/new", saved.create),
        Route("GET", view, saved.edit),
        Route("POST", view, saved.save),
        Route("POST", f"{view}/overwrite", saved.overwrite),
        Route("POST", f"{view}/delete", saved.remove),
        Route("POST", f"{plan.path}/bulk/{{action}}", bulk.ask),
        Route("GET", f"{plan.path}/bulk-run/{{run}}", bulk.progress),
    ]
    if plan.resource.board:
        board = Boards(plan)
        made += [Route("GET", f"{plan.path}/board", board.show), Route("POST", f"{plan.path}/board/move", board.move)]
    if plan.resource.calendar:
        made.append(Route("GET", f"{plan.path}/calendar", Calendars(plan).show))
    return made


def _list_api(plan: Plan) -> list[Route]:
    saved, bulk = SavedPages(plan), BulkApi(plan)
    views = f"{plan.api_path}/views"
    return [
        Route("GET", views, saved.api_index),
        Route("POST", views, saved.api_create),
        Route("GET", f"{views}/{{view}}", saved.api_one),
        Route("PATCH", f"{views}/{{view}}", saved.api_change),
        Route("DELETE", f"{views}/{{view}}", saved.api_remove),
        Route("POST", f"{plan.api_path}/bulk", bulk.post),
        Route("GET", f"{plan.api_path}/bulk/{{run}}", bulk.report),
    ]


def _api(plan: Plan) -> list[Route]:
    api, writing, around = Api(plan), Writing(plan), Around(plan)
    files, talk = Files(plan), Talk(plan)
    one = f"{plan.api_path}/{{id}}"
    return [
        Route("GET", plan.api_path, api.index),
        *_list_api(plan),
        Route("POST", plan.api_path, writing.create),
        Route("GET", one, api.one),
        Route("PATCH", one, writing.edit),
        Route("GET", f"{one}/explain", api.explain),
        Route("GET", f"{one}/history", around.history),
        Route("GET", f"{one}/links", around.links),
        Route("GET", f"{one}/chain", Chains(plan).show),
        Route("POST", f"{one}/links", around.link),
        Route("GET", f"{one}/files", files.index),
        Route("POST", f"{one}/files", files.create, uploads=ROOM),
        Route("GET", f"{one}/files/{{file}}", files.show),
        Route("GET", f"{one}/files/{{file}}/thumb", files.thumb),
        Route("DELETE", f"{one}/files/{{file}}", files.delete),
        Route("GET", f"{one}/comments", talk.index),
        Route("POST", f"{one}/comments", talk.create),
        Route("DELETE", f"{one}/comments/{{comment}}", talk.delete),
        Route("POST", f"{one}/reveal/{{field}}", writing.reveal),
        Route("POST", f"{one}/transitions/{{transition}}", writing.move),
    ]


class Description:
    """``/api/v1/openapi.json`` of one set of modules; the text is kept per language and company."""

    def __init__(self, plans: list[Plan], own: Mapping[str, Sequence[PageRoute]]) -> None:
        self.plans, self.own = plans, own
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    async def show(self, asked: Asked) -> Response:
        asked.params()
        key = (locale.get(), asked.snapshot.name)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = msgspec.json.encode(document(self.plans, asked.snapshot.name, self.own))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return packed(asked, found, "application/json")
