"""What the administration's pages share: the desk of a request, times of day, forms with their errors, asking again.

Decides no rights: the desk does in every service, and a page that nobody may use is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import orm
from starlette.responses import Response

from ...access.desk import Desk
from ...errors import Changed, Conflict, FieldError, Forbidden, Invalid, NotFound, Problem
from ...records import history
from ...tenancy.sites import SiteNode
from ...words import Lazy, translator
from ..pages import page
from ..refusing import with_problem
from ..requests import write
from ..views import Crumb, FormPage, Option, Section

if TYPE_CHECKING:
    from ...plugins.registry import Registry
    from ...records.context import Context
    from ..requests import Asked, Values

_ = translator("dougong")
T = TypeVar("T")

ADMINISTRATION = _("Administration")
REFUSED = (Invalid, Conflict, Forbidden, Changed)  # said on the form itself, so that nothing typed is lost


def desk(asked: Asked, session: orm.Session) -> Desk:
    """Whoever asks, at the desk, within one transaction of the request."""
    return Desk(session, asked.gate, asked.app.registry, history.write)


async def at_desk(asked: Asked, fn: Callable[[Desk], T]) -> T:
    """Run a service of the desk in one transaction; committed when it returns."""
    return await write(asked, lambda session: fn(desk(asked, session)))


async def in_context(asked: Asked, fn: Callable[[Context[Any]], T]) -> T:
    """The same for what works with the unit of work of whoever asks: run ``fn(x)``; committed when it returns."""
    return await write(asked, lambda session: fn(asked.context(session)))


def need(asked: Asked, *permissions: str, site: UUID | None = None) -> None:
    """A page is there for whoever has one of these permissions, anywhere or at a site.

    :raises NotFound: none of them is held: the page does not exist for this person.
    """
    if not any(asked.gate.may(one, site) for one in permissions):
        raise NotFound


def need_whole(asked: Asked, permission: str) -> None:
    """The same for what concerns the whole company. :raises Forbidden: it is held at some sites only."""
    need(asked, permission)
    root = asked.snapshot.sites.root
    if not asked.gate.may(permission, root):
        told = asked.gate.explain(permission, root)
        raise Forbidden(
            _("This concerns the whole company; you may do it at some sites only."), extra={"explanation": told}
        )


def crumbs(*trail: tuple[object, str | None]) -> list[Crumb]:
    return [Crumb(str(ADMINISTRATION), "/admin"), *(Crumb(str(label), href) for label, href in trail)]


def zone_of(asked: Asked, site: UUID | None = None) -> ZoneInfo:
    """The zone in which times are shown and typed: the site's, else the company's."""
    return asked.snapshot.sites.zone(site)


def moment_in(form: Values, name: str, zone: ZoneInfo, wrong: list[FieldError]) -> dt.datetime | None:
    """A typed moment; None where nothing was typed. What cannot be read goes to ``wrong``."""
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        if not 1900 <= found.year <= 2200:
            raise ValueError
    except ValueError:
        wrong.append(FieldError(name, _("Write date and time as in 2026-11-22T15:30.")))
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def id_in(form: Values, name: str, wrong: list[FieldError]) -> UUID | None:
    """A chosen id; what is none goes to ``wrong``."""
    text = form.get(name, "").strip()
    try:
        return UUID(text)
    except ValueError:
        wrong.append(FieldError(name, _("Choose one of the list.") if text else _("Please fill this in.")))
        return None


def number_in(form: Values, name: str, wrong: list[FieldError], default: int | None = None) -> int | None:
    """A typed whole number; ``default`` where nothing was typed."""
    text = form.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        wrong.append(FieldError(name, _("A whole number from 0 to {most}.").format(most=999_999_999)))
        return default
    return int(text)


def options(pairs: Sequence[tuple[str, object]], chosen: str | Sequence[str] = "") -> list[Option]:
    held = {chosen} if isinstance(chosen, str) else set(chosen)
    return [Option(value, str(label), value in held) for value, label in pairs]


def indented(node: SiteNode, sites: Sequence[SiteNode]) -> str:
    """A site's name in a flat list of choices, set in by its depth."""
    top = min((n.depth for n in sites), default=0)
    return "　" * (node.depth - top) + node.name


def site_options(
    asked: Asked, permission: str, chosen: str | Sequence[str] = "", *, flat: bool = False
) -> list[Option]:
    """The open sites where a permission holds, as a tree. :param flat: without setting them in."""
    free = asked.gate.scope(permission).free
    nodes = [n for n in asked.snapshot.sites.ordered() if n.id in free]
    return options([(str(n.id), n.name if flat else indented(n, nodes)) for n in nodes], chosen)


def form_page(asked: Asked, form: FormPage, problem: Problem | None = None) -> Response:
    return page(asked, "form.html", with_problem(form, problem), problem.status if problem else 200)


def ask_again(
    asked: Asked, title: Lazy | str, text: Lazy | str, *, action: str, submit: Lazy | str, back: str,
    trail: list[Crumb] | None = None, kept: Sequence[tuple[str, str]] = (), problem: Problem | None = None,
) -> Response:  # fmt: skip
    """A page that asks in words before something is taken away; with a script a dialog has asked already."""
    form = FormPage(
        str(title),
        action,
        str(submit),
        [Section("", [], help=str(text))],
        crumbs=[*(trail or crumbs()), Crumb(str(title))],
        hidden=[*kept, ("sure", "1")],
        cancel=back,
        danger=True,
    )
    return form_page(asked, form, problem)


def address(path: str, pairs: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> str:
    """A path with those query parameters that hold something."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    query = urlencode([(k, v) for k, v in items if v not in (None, "")])
    return f"{path}?{query}" if query else path


def page_number(asked: Asked) -> int:
    """``?page=``, from 1."""
    text = asked.query.get("page", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def relations_of(registry: Registry, modules: frozenset[str]) -> list[str]:
    """Relations between people and records that some record of these modules declares."""
    return sorted({name for r in registry.resources.values() if r.module in modules for name in r.relations})
