"""The inputs of a management review as they were gathered: figure by figure, each with the list behind it."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, page, stamp, translator, write
from dougong.views import Action, Card, CardsPage, Crumb, Line, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..records import ManagementReview
from ..resources import review as resource

_ = translator("dougong_quality")


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "quality")
        return _page(x, x.get(ManagementReview, asked.uuid()))

    return page(asked, "cards.html", await write(asked, load))


def _page(x: Context[Any], r: ManagementReview) -> CardsPage:
    cards = []
    for part in r.inputs:
        lines = [Line(one["text"], "", one["href"], "chart", Value("text", one["value"])) for one in part["lines"]]
        cards.append(Card(part["label"], lines))
    zone = x.snapshot.sites.zone(r.site_id)
    when = stamp(r.gathered_at, zone) if r.gathered_at else ""
    said = _("{from_on} to {until_on}; as they stood on {at}. The links show the lists as they are now.")
    return CardsPage(
        str(_("Inputs of the review")),
        cards or [Card(str(_("Nothing gathered yet")), empty=str(_("Take “Gather the inputs” on the review's page.")))],
        subtitle=str(said.format(from_on=r.from_on, until_on=r.until_on, at=when)) if r.gathered_at else r.title,
        crumbs=[
            Crumb(str(resource.label), resource.path),
            Crumb(r.number, f"{resource.path}/{r.id}"),
            Crumb(str(_("Inputs of the review"))),
        ],
    )


def beside(r: ManagementReview, x: Context[Any]) -> list[Action]:
    """The way to them."""
    found = r.gathered_at is not None
    return [Action(str(_("Inputs of the review")), f"/quality/reviews/{r.id}/inputs", "chart")] if found else []
