"""The template of the legal register, and taking it over: what the company has already by title and articles stays as it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, Context, NotFound, page, translator, write
from dougong.views import Action, Card, CardsPage, Crumb, Line, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..choices import Checked
from ..law import TEMPLATE, Entry
from ..records import LegalItem
from ..resources import law as resource

_ = translator("dougong_quality")

HERE = "/quality/law/template"


def _demand(x: Context[Any]) -> UUID:
    root = x.snapshot.sites.root
    if not x.gate.may(resource.permission("create"), root):
        raise NotFound
    return root


def missing(x: Context[Any]) -> list[Entry]:
    """What of the template the company does not have."""
    query = sa.select(LegalItem.title, LegalItem.articles).where(LegalItem.tenant_id == x.tenant)
    known = {(title, articles or "") for title, articles in x.session.execute(query)}
    return [one for one in TEMPLATE if (one.title, one.articles) not in known]


def take_over(x: Context[Any], root: UUID) -> int:
    """Enter what is missing at the company, as the context's person. :returns: how many."""
    found = missing(x)
    for one in found:
        body = {
            "title": one.title,
            "document": one.document or None,
            "level": one.level.value,
            "articles": one.articles or None,
            "requirement": one.requirement,
            "checked": one.checked.value,
            "duty": one.duty,
        }
        x.submit(LegalItem, root, body)
    return len(found)


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "quality")
        _demand(x)
        return _page(missing(x))

    return page(asked, "cards.html", await write(asked, load))


async def take(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> int:
        x = asked.context(session, "quality")
        return take_over(x, _demand(x))

    number = await write(asked, work)
    asked.flash(
        _("{n} requirements were entered. Read the original texts and strike what does not apply.").format(n=number)
    )
    return RedirectResponse(resource.path, 303)


def _page(found: list[Entry]) -> CardsPage:
    lines = []
    for one in TEMPLATE:
        small = " · ".join(filter(None, (str(one.level.label), one.articles, one.requirement)))
        tone = "good" if one.checked is Checked.READ else "warn"
        known = one not in found
        end = Value("tag", str(_("entered")), "info") if known else Value("tag", str(one.checked.label), tone)
        lines.append(Line(" ".join(filter(None, (one.title, one.document))), small, None, "gov", end))
    label = _("Take over {n}").format(n=len(found))
    return CardsPage(
        str(_("Template of the legal register")),
        [Card(str(_("Laws, rules and standards")), lines, len(lines))],
        subtitle=str(_("A beginning, not advice: what is not verified has to be read in the original text first.")),
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(str(_("Template of the legal register")))],
        actions=[Action(str(label), HERE, "check", main=True, post=True)] if found else [],
    )
