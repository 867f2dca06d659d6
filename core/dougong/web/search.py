"""Searching everything: the records of all enabled modules that a person may see, by page and by ``/api/v1/search``.

Each kind is asked as its own list would be, so that nothing shows here that the list would not show; a number that is typed
whole leads straight to its record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from ..errors import BadRequest
from ..records import reads
from ..records.search import QUERY, normal, question
from ..words import translator
from . import display
from .api import answer
from .listquery import href
from .pages import page
from .plans import Plan
from .requests import read_all
from .rights import stored
from .transitions import speaker_of
from .views import Empty, Found, SearchGroup, SearchPage

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

PATH = "/search"
EACH = 5  # of a kind on the page
MOST = 20  # of a kind in the API
_MORE = _("All that match in “{list}”")


class Search:
    """The endpoints over one set of modules."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = [plan for plan in plans if plan.searched]

    def _readable(self, asked: Asked) -> list[Plan]:
        return [p for p in self.plans if asked.gate.scope(p.resource.permission("read"))]

    async def _found(self, asked: Asked, text: str, each: int) -> list[tuple[Plan, list[Any]]]:
        """The newest that match of every kind, one more than are wanted; one round to the database."""
        plans = self._readable(asked)
        query = reads.ListQuery(search=text, tab="all", site=asked.site, limit=each)
        lists = [reads.listing(plan.resource, asked.gate, query) for plan in plans]
        rows = await read_all(asked, [(found.query, found.given) for found in lists]) if lists else []
        return list(zip(plans, rows, strict=True))

    async def show(self, asked: Asked) -> Response:
        """The page. Without words it only asks for them."""
        text = _words(asked)
        if not text:
            return page(asked, "search.html", SearchPage(str(_("Search")), PATH, hidden=_site(asked)))
        found = await self._found(asked, text, EACH)
        exact = [(plan, row) for plan, rows in found for row in rows if normal(row["number"]) == normal(text)]
        if len(exact) == 1:
            plan, row = exact[0]
            return RedirectResponse(f"{plan.path}/{row['id']}", 303)
        groups = [self._group(asked, plan, rows, text) for plan, rows in found if rows]
        made = SearchPage(str(_("Search")), PATH, query=text, groups=groups, hidden=_site(asked))
        if not groups:
            made.empty = Empty(
                str(_("Nothing matches")),
                str(_("Words are looked for in numbers and texts, not in names and telephone numbers of people.")),
            )
        return page(asked, "search.html", made)

    def _group(self, asked: Asked, plan: Plan, rows: Sequence[Any], text: str) -> SearchGroup:
        speaker, state = speaker_of(asked, plan), plan.resource.state
        sites = asked.snapshot.sites
        found = []
        for row in rows[:EACH]:
            zone = speaker.zone(row["site_id"])
            shown = speaker.value(plan.fields[state], row[state], zone) if state else display.EMPTY
            when = speaker.value(plan.fields["created_at"], row["created_at"], zone)
            title = str(row[plan.title])
            found.append(
                Found(f"{plan.path}/{row['id']}", row["number"], title, shown, sites.node(row["site_id"]).name, when)
            )
        made = SearchGroup(str(plan.label), found)
        if len(rows) > EACH:
            kept = [*_site(asked), ("tab", "all"), ("q", text)]
            made.more, made.more_label = href(plan.path, kept), str(_MORE.format(list=plan.label))
        return made

    async def api(self, asked: Asked) -> Response:
        """``{"results": [{kind, id, number, title, state, site_id, created_at}], "more": {kind: address}}``, newest first."""
        text = _words(asked)
        if not text:
            raise BadRequest(_("Say what to look for: ?q=…"))
        results, more = [], {}
        for plan, rows in await self._found(asked, text, MOST):
            state = plan.resource.state
            results += [
                {
                    "kind": plan.kind,
                    "id": row["id"],
                    "number": row["number"],
                    "title": row[plan.title],
                    "state": stored(row[state]) if state else None,
                    "site_id": row["site_id"],
                    "created_at": row["created_at"],
                }
                for row in rows[:MOST]
            ]
            if len(rows) > MOST:
                more[plan.kind] = f"{plan.api_path}?{urlencode([*_site(asked), ('tab', 'all'), ('q', text)])}"
        results.sort(key=lambda one: one["created_at"], reverse=True)
        return answer({"results": results, "more": more})


def _words(asked: Asked) -> str:
    text = asked.params(("q",)).get("q", "").strip()[:QUERY]
    return text if question(text) else ""


def _site(asked: Asked) -> list[tuple[str, str]]:
    return [("site", asked.snapshot.sites.node(asked.site).slug)] if asked.site else []


def described() -> dict[str, Any]:
    """The OpenAPI operation of ``/api/v1/search``."""
    text = {"type": "string"}
    words = {"name": "q", "in": "query", "required": True, "schema": text, "description": str(_("Words to look for"))}
    found = {
        "type": "object",
        "properties": {"results": {"type": "array", "items": {"type": "object"}}, "more": {"type": "object"}},
    }
    return {
        "operationId": "search",
        "summary": str(_("Search everything")),
        "parameters": [words, {"name": "site", "in": "query", "schema": text}],
        "responses": {"200": {"description": str(_("What was found")), "content": {"application/json": {"schema": found}}}},
    }  # fmt: skip


__all__ = ["PATH", "Search", "described"]
