"""Comments on one record, as pages and API, and the list of people whom one may mention.

Owns the rights (``comment`` to read and write, the author or ``moderate`` to take back) and the answers; rules are
``records.comments``'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from ..errors import Invalid, NotFound
from ..records import actions, comments, journal
from ..records.models import validate
from ..records.visibility import judged
from ..words import translator
from .api import answer
from .repeating import once
from .requests import write
from .work import context

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from ..records.comments import Comment
    from ..records.context import Context
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

MOST_PEOPLE = 8  # that the picker shows


class NewComment(BaseModel):
    """What is said, and who is mentioned beyond those whom the text names."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=comments.LONGEST)
    mentions: list[UUID] = Field(default=[], max_length=comments.MOST_MENTIONS)


class Talk:
    """The endpoints ``…/<id>/comments`` of one resource."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # ---- pages ----

    async def add(self, asked: Asked) -> Response:
        asked.params()
        text = (await asked.form()).get("text", "").replace("\r\n", "\n")
        try:
            made = await write(asked, lambda session: self._put(asked, session, text, []))
        except Invalid as problem:
            asked.flash(" ".join(str(error.message) for error in problem.errors), "bad")
        else:
            self._say(asked, text, made)
        return RedirectResponse(f"{self.plan.path}/{asked.uuid()}#timeline", 303)

    def _say(self, asked: Asked, text: str, made: Comment) -> None:
        """Who was mentioned and may not see the record is not told of it: the writer ought to know."""
        told = set(made.mentions)
        left = [one.name for one in comments.mentioned(asked.snapshot, text) if one.id not in told]
        if left:
            names = str(_(", ")).join(left)
            asked.flash(_("{names} may not see this record and will not be told.").format(names=names), "warn")

    async def remove(self, asked: Asked) -> Response:
        asked.params()
        await write(asked, lambda session: self._remove(asked, session))
        return RedirectResponse(f"{self.plan.path}/{asked.uuid()}#timeline", 303)

    async def people(self, asked: Asked) -> Response:
        """Whom one may mention, by the beginning of a name: for the picker's script, and as API."""
        begun = asked.params(("q",)).get("q", "").strip().lower()[:50]

        def load(session: Session) -> list[dict[str, Any]]:
            x = context(asked, session, self.plan)
            record, _relations = self._open(asked, x)
            found: list[dict[str, Any]] = []
            for one in sorted(x.snapshot.people.values(), key=lambda person: (person.name, person.username)):
                named = one.name.lower().startswith(begun) or one.username.lower().startswith(begun)
                if named and one.id != x.actor and comments.may_see(x, record, one.id):
                    found.append({"id": one.id, "name": one.name, "username": one.username})
                if len(found) == MOST_PEOPLE:
                    break
            return found

        return answer({"results": await write(asked, load)})

    # ---- API ----

    async def index(self, asked: Asked) -> Response:
        asked.params()

        def load(session: Session) -> list[dict[str, Any]]:
            x = context(asked, session, self.plan)
            record, _relations = self._open(asked, x)
            return [_told(one) for one in comments.comments(x, record)]

        return answer({"results": await write(asked, load)})

    async def create(self, asked: Asked) -> Response:
        asked.params()
        body = await asked.json()

        def say(session: Session) -> dict[str, Any]:
            return once(asked, session, body, lambda: _told(self._given(asked, session, body)))

        return answer(await write(asked, say), 201)

    async def delete(self, asked: Asked) -> Response:
        asked.params()
        await write(asked, lambda session: self._remove(asked, session))
        return Response(status_code=204)

    # ---- parts ----

    def _given(self, asked: Asked, session: Session, body: Any) -> Comment:
        """Write what a program sent. Who may not see the record learns nothing of what would be wrong with it."""
        self._open(asked, context(asked, session, self.plan))
        given = validate(NewComment, body if isinstance(body, dict) else {}, None)
        assert isinstance(given, NewComment)
        return self._put(asked, session, given.text, given.mentions)

    def _put(self, asked: Asked, session: Session, text: str, mentions: list[UUID]) -> Comment:
        x = context(asked, session, self.plan)
        record, _relations = self._open(asked, x)
        session.refresh(record, with_for_update=True)  # entries of the history are sealed one after the other
        made = comments.comment(x, record, text, mentions)
        journal.settle(x)
        return made

    def _remove(self, asked: Asked, session: Session) -> None:
        x = context(asked, session, self.plan)
        record, relations = self._open(asked, x)
        session.refresh(record, with_for_update=True)
        one = comments.comment_of(x, record, asked.uuid("comment"))
        if one.created_by != x.actor:
            permission = self.plan.resource.permission("moderate")
            actions.demand(x, self.plan.resource, permission, record.site_id, relations, record)
        comments.take_back(x, record, one)
        journal.settle(x)

    def _open(self, asked: Asked, x: Context[Any]) -> tuple[Any, frozenset[str]]:
        """The record, where this person may read what is said about it."""
        held = judged(x, self.plan.resource, asked.uuid())
        if held is None:
            raise NotFound
        record, relations = held
        actions.demand(
            x, self.plan.resource, self.plan.resource.permission("comment"), record.site_id, relations, record
        )
        return held


def _told(one: Comment) -> dict[str, Any]:
    return {"id": one.id, "text": one.text, "mentions": one.mentions, "created_by": one.created_by, "at": one.at}


__all__ = ["Talk"]
