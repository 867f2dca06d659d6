"""Pages of saved views: save what is looked at, rename, share, overwrite, delete. And the same as API.

Who may do what is ``records.savedviews``; a view of somebody else does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import RedirectResponse, Response

from ..errors import BadRequest, Conflict, FieldError, Forbidden, Invalid, NotFound
from ..records import reads, savedviews
from ..records.context import Context
from ..words import translator
from . import forms, listquery, looking
from .answers import answer
from .forms import Errors
from .pages import page
from .plans import Plan
from .repeating import once
from .requests import write
from .views import Action, Card, CardsPage, Crumb, FormPage, Input, Line, Option, Section
from .work import context, settings_of

if TYPE_CHECKING:
    from .requests import Asked, Values

_ = translator("dougong")
T = TypeVar("T")

_VIEWS, _SAVE_VIEW, _SAVE, _DELETE = _("Saved views"), _("Save as a view"), _("Save"), _("Delete")
_NAME, _FOR, _OPENS = _("Name"), _("For whom"), _("The list opens with it, for everybody")
_ME, _ALL, _ROLE = _("Only for me"), _("For everybody in the company"), _("For all who are: {role}")
_SAVED, _DELETED = _("The view “{view}” is saved"), _("The view “{view}” is deleted")
_OWN, _SHARED = _("My views"), _("Shared views")
_WHAT = _("Kept are filters, search, sorting and columns; not the site, which everybody chooses for themselves.")
_FIELDS = frozenset({"name", "query", "columns", "share", "opens"})


class SavedPages:
    """The endpoints ``…/views`` and what is below."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def index(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        desk = await looking.desk_of(asked, self.plan)
        groups = ((_OWN, [v for v in desk.views if v.owner]), (_SHARED, [v for v in desk.views if not v.owner]))
        nothing = _("None yet. Set filters on the list, then save them as a view.")
        cards = [
            Card(str(t), [self._line(asked, one) for one in some], len(some), empty=str(nothing)) for t, some in groups
        ]
        return page(asked, "cards.html", CardsPage(str(_VIEWS), cards, crumbs=self._crumbs(asked, _VIEWS)))

    async def new(self, asked: Asked) -> Response:
        look = await self._look(asked)
        return self._form(asked, "new", _pairs(look), _columns(look), "", "me", False)

    async def create(self, asked: Asked) -> Response:
        look = await self._look(asked)
        form = await asked.form()
        name, share, opens = _typed(form)
        try:
            id = await self._write(
                asked,
                lambda x: savedviews.save(
                    x, self.plan.kind, name, _pairs(look), _columns(look), share=share, opens=opens
                ),
            )
        except (Invalid, Forbidden, Conflict) as problem:
            return self._form(
                asked, "new", _pairs(look), _columns(look), name, share, opens, Errors(problem), problem.status
            )
        asked.flash(_SAVED.format(view=name))
        return RedirectResponse(self._at(asked, str(id)), 303)

    async def edit(self, asked: Asked) -> Response:
        asked.params()
        view = await self._view(asked)
        return self._form(
            asked, str(view.id), view.query, view.columns, view.name, savedviews.shared_with(view), view.opens
        )

    async def save(self, asked: Asked) -> Response:
        asked.params()
        view = await self._view(asked)
        name, share, opens = _typed(await asked.form())
        try:
            await self._write(
                asked, lambda x: savedviews.change(x, self.plan.kind, view.id, name=name, share=share, opens=opens)
            )
        except (Invalid, Forbidden, Conflict) as problem:
            errors = Errors(problem)
            return self._form(asked, str(view.id), view.query, view.columns, name, share, opens, errors, problem.status)
        asked.flash(_SAVED.format(view=name))
        return RedirectResponse(self._here(asked), 303)

    async def overwrite(self, asked: Asked) -> Response:
        """The view becomes what the list shows now: the address carries it."""
        view = await self._view(asked)
        look = await self._look(asked)
        columns = _columns(look) or view.columns
        await self._write(
            asked, lambda x: savedviews.change(x, self.plan.kind, view.id, query=_pairs(look), columns=columns)
        )
        asked.flash(_SAVED.format(view=view.name))
        return RedirectResponse(self._at(asked, str(view.id)), 303)

    async def remove(self, asked: Asked) -> Response:
        asked.params()
        id = asked.uuid("view")
        name = await self._write(asked, lambda x: savedviews.remove(x, self.plan.kind, id))
        asked.flash(_DELETED.format(view=name))
        return RedirectResponse(self._here(asked), 303)

    # ---- API ----

    async def api_index(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        desk = await looking.desk_of(asked, self.plan)
        return answer({"results": [told(one) for one in desk.views], "columns": desk.columns})

    async def api_create(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        sent = await asked.json()
        body = self._body(asked, sent, need=("name",))

        def save(x: Context[Any]) -> Any:
            return savedviews.save(
                x, self.plan.kind, body["name"], body.get("query", ()), body.get("columns"),
                share=body.get("share", "me"), opens=body.get("opens", False),
            )  # fmt: skip

        id = await self._write(asked, lambda x: once(asked, x.session, sent, lambda: save(x)))
        return await self._told(asked, id, 201)

    async def api_one(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        return await self._told(asked, asked.uuid("view"))

    async def api_change(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        id, body = asked.uuid("view"), self._body(asked, await asked.json())

        def run(x: Context[Any]) -> None:
            view = savedviews.desk(x, self.plan.kind).view(id)
            given = dict(body)
            if "columns" in given or "query" in given:  # they are written together
                given = {"query": view.query, "columns": view.columns, **given}
            savedviews.change(x, self.plan.kind, id, **given)

        await self._write(asked, run)
        return await self._told(asked, id)

    async def api_remove(self, asked: Asked) -> Response:
        asked.params()
        self._demand(asked)
        id = asked.uuid("view")
        await self._write(asked, lambda x: savedviews.remove(x, self.plan.kind, id))
        return Response(status_code=204)

    async def _told(self, asked: Asked, id: Any, status: int = 200) -> Response:
        desk = await looking.desk_of(asked, self.plan)
        return answer(
            told(desk.view(id)), status, location=f"{self.plan.api_path}/views/{id}" if status == 201 else None
        )

    def _body(self, asked: Asked, sent: Any, need: Sequence[str] = ()) -> dict[str, Any]:
        """A view as it was sent. :raises BadRequest, Invalid: with each field's path."""
        if not isinstance(sent, dict):
            raise BadRequest(_("Send a JSON object."))
        wrong = [FieldError(str(n)[:60], _("is not a field of this form")) for n in sent if n not in _FIELDS]
        wrong += [FieldError(n, _("is required")) for n in need if n not in sent]
        kinds = {"name": str, "share": str, "opens": bool}
        wrong += [
            FieldError(n, _("is not a possible value"))
            for n, kind in kinds.items()
            if n in sent and (not isinstance(sent[n], kind) or (kind is str and "\x00" in sent[n]))
        ]
        query = sent.get("query", [])
        if not isinstance(query, list) or not all(_is_pair(pair) for pair in query):
            wrong.append(FieldError("query", _("must be a list of pairs, as in [[“tab”, “open”]]")))
        columns = sent.get("columns")
        if columns is not None and not (isinstance(columns, list) and all(isinstance(n, str) for n in columns)):
            wrong.append(FieldError("columns", _("is not a possible value")))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        body = {name: value for name, value in sent.items() if name in _FIELDS}
        if "query" in body:
            body["query"] = tuple((name, value) for name, value in query)
            self._check(asked, body["query"])
        if columns is not None:
            body["columns"] = listquery.fields_named(self.plan, asked.gate, columns) or None
        return body

    def _check(self, asked: Asked, pairs: savedviews.Pairs) -> None:
        """:raises BadRequest, Invalid: the list itself would not take this query."""
        query = listquery.parse(asked, self.plan, pairs=pairs)
        reads.listing(self.plan.resource, asked.gate, query, settings_of(asked, self.plan))

    # ---- parts ----

    def _demand(self, asked: Asked) -> None:
        if not asked.gate.scope(self.plan.resource.permission("read")):
            raise NotFound()

    async def _look(self, asked: Asked) -> looking.Look:
        """What the address says, without the view that it began with."""
        self._demand(asked)
        return looking.resolve(asked, self.plan, savedviews.NOTHING, rows=1)

    async def _view(self, asked: Asked) -> savedviews.View:
        self._demand(asked)
        view = (await looking.desk_of(asked, self.plan)).view(asked.uuid("view"))
        if not savedviews.may_change(asked.gate, view):
            told = asked.gate.explain(savedviews.SHARE, None)
            raise Forbidden(told.mend, extra={"explanation": told})
        return view

    async def _write(self, asked: Asked, fn: Callable[[Context[Any]], T]) -> T:
        return await write(asked, lambda session: fn(context(asked, session, self.plan)))

    def _line(self, asked: Asked, view: savedviews.View) -> Line:
        base = f"{self.plan.path}/views/{view.id}"
        may = savedviews.may_change(asked.gate, view)
        actions = (
            [Action(str(_("Change")), base), Action(str(_DELETE), f"{base}/delete", danger=True, post=True)]
            if may
            else []
        )
        said = [] if view.owner else [self._share_label(asked, savedviews.shared_with(view))]
        said += [str(_OPENS)] if view.opens else []
        return Line(view.name, " · ".join(said), self._at(asked, str(view.id)), "filter", actions=actions)

    def _share_label(self, asked: Asked, share: str) -> str:
        kind, _colon, slug = share.partition(":")
        if kind == "role":
            role = asked.snapshot.roles.get(slug)
            return str(_ROLE.format(role=role.label if role else slug))
        return str(_ME if kind == "me" else _ALL)

    def _at(self, asked: Asked, id: str) -> str:
        return listquery.href(self.plan.path, _site(asked), view=id)

    def _here(self, asked: Asked) -> str:
        return listquery.href(f"{self.plan.path}/views", _site(asked))

    def _crumbs(self, asked: Asked, *last: object) -> list[Crumb]:
        return [
            Crumb(str(self.plan.label), listquery.href(self.plan.path, _site(asked))),
            *(Crumb(str(one)) for one in last),
        ]

    def _form(
        self,
        asked: Asked,
        at: str,
        query: savedviews.Pairs,
        columns: Sequence[str] | None,
        name: str,
        share: str,
        opens: bool,
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        plan, errors = self.plan, errors or Errors()
        inputs = [
            Input(
                "name",
                str(_NAME),
                "line",
                name,
                required=True,
                error=errors.take("name"),
                maxlength=savedviews.NAME_LENGTH,
            )
        ]
        if savedviews.may_share(asked.gate):
            roles = sorted(asked.snapshot.roles.values(), key=lambda role: (-role.level, role.slug))
            choices = ["me", "all", *(f"role:{role.slug}" for role in roles)]
            options = [Option(one, self._share_label(asked, one), one == share) for one in choices]
            inputs.append(
                Input("share", str(_FOR), "choice", share, options=options, required=True, error=errors.take("share"))
            )
            inputs.append(Input("opens", str(_OPENS), "bool", "1" if opens else "", error=errors.take("opens")))
        title = _SAVE_VIEW if at == "new" else _("Change the view “{view}”").format(view=name)
        said = [f"{looking.words_of(plan, k)}: {v}" for k, v in query]
        said += [", ".join(str(plan.fields[n].label) for n in columns if n in plan.fields)] if columns else []
        made = FormPage(
            str(title),
            listquery.href(f"{plan.path}/views/{at}", asked.query.multi_items()),
            str(_SAVE),
            [Section("", inputs, help=str(_WHAT))],
            crumbs=self._crumbs(asked, title),
            subtitle=" · ".join(said),
            cancel=listquery.href(plan.path, asked.query.multi_items()) if at == "new" else self._here(asked),
        )
        return page(asked, "form.html", forms.said(made, errors, self.plan), status)


def told(view: savedviews.View) -> dict[str, Any]:
    """A view for the API."""
    return {
        "id": view.id, "name": view.name, "query": view.query, "columns": view.columns,
        "share": savedviews.shared_with(view), "opens": view.opens,
    }  # fmt: skip


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(t, str) and len(t) <= 1000 and "\x00" not in t for t in value)
    )


def _typed(form: Values) -> tuple[str, str, bool]:
    return form.get("name", ""), form.get("share", "") or "me", bool(form.get("opens"))


def _pairs(look: looking.Look) -> savedviews.Pairs:
    """What is kept of an address: not its columns, which have their own place."""
    return tuple((k, v) for k, v in look.pairs if k != "fields")


def _columns(look: looking.Look) -> tuple[str, ...] | None:
    return tuple(shape.name for shape in look.columns) if look.columns else None


def _site(asked: Asked) -> list[tuple[str, str]]:
    return [("site", asked.snapshot.sites.node(asked.site).slug)] if asked.site else []
