"""Files of one record, as pages and API: putting, listing, downloading, removing. The record's gate opens them.

Owns the rights (``attach`` to put, the uploader or ``moderate`` to remove) and the answers; rules are ``records.attachments``'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from ..errors import FieldError, Invalid, NotFound
from ..records import actions, attachments, journal
from ..records.attachments import File
from ..records.visibility import judged
from ..words import translator
from . import rights
from .api import answer
from .downloads import download, thumbnail
from .requests import write
from .uploads import MB
from .work import context

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from ..records.context import Context
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

ROOM = 220 * MB  # of one form: the largest file that a company can allow, and what goes with it
_NONE = _("Choose a file.")


class Files:
    """The endpoints ``…/<id>/files`` of one resource."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # ---- pages ----

    async def add(self, asked: Asked) -> Response:
        """Put the files of a form to the record; then the record again."""
        asked.params()
        back = f"{self.plan.path}/{asked.uuid()}"
        try:
            made = await self._add(asked)
        except Invalid as problem:
            asked.flash(" ".join(str(error.message) for error in problem.errors), "bad")
        else:
            asked.flash(_("{n} files attached.").format(n=len(made)))
        return RedirectResponse(f"{back}#files", 303)

    async def show(self, asked: Asked) -> Response:
        """Download one file; also under the API."""
        asked.params()
        return await download(asked, await self._file(asked))

    async def thumb(self, asked: Asked) -> Response:
        """Its small picture; also under the API."""
        asked.params()
        return await thumbnail(asked, await self._file(asked))

    async def remove(self, asked: Asked) -> Response:
        asked.params()
        name = await write(asked, lambda session: self._remove(asked, session))
        asked.flash(_("“{name}” was removed.").format(name=name))
        return RedirectResponse(f"{self.plan.path}/{asked.uuid()}#files", 303)

    # ---- API ----

    async def index(self, asked: Asked) -> Response:
        asked.params()

        def load(session: Session) -> list[dict[str, Any]]:
            x = context(asked, session, self.plan)
            record, _relations = self._record(asked, x)
            fields = [None, *(one.name for one in self.plan.added if one.type == "file")]
            return [self._told(asked, one) for field in fields for one in attachments.files(x, record, field=field)]

        return answer({"results": await write(asked, load)})

    async def create(self, asked: Asked) -> Response:
        """Put files of a multipart form (field ``file``, one or several)."""
        asked.params()
        made = await self._add(asked)
        return answer({"results": [self._told(asked, one) for one in made]}, 201)

    async def delete(self, asked: Asked) -> Response:
        asked.params()
        await write(asked, lambda session: self._remove(asked, session))
        return Response(status_code=204)

    # ---- parts ----

    async def _add(self, asked: Asked) -> list[File]:
        # Judged before the files are looked at, which is slow, and once more when they are put.
        await write(asked, lambda session: self._attachable(asked, context(asked, session, self.plan)))
        uploads = await asked.upload()
        if not uploads:
            raise Invalid(errors=(FieldError("file", _NONE),))

        into = (await asked.form()).get("field") or None
        if into is not None and not any(one.name == into and one.type == "file" for one in self.plan.added):
            raise Invalid(errors=(FieldError("field", _("is not one of the possible choices")),))

        def put(session: Session) -> list[File]:
            x = context(asked, session, self.plan)
            record = self._attachable(asked, x)
            session.refresh(record, with_for_update=True)  # one after the other: number and history are counted
            found = [attachments.attach(x, record, upload, field=into) for upload in uploads]
            journal.settle(x)
            return list(dict.fromkeys(found))

        return await write(asked, put)

    def _attachable(self, asked: Asked, x: Context[Any]) -> Any:
        """The record, where this person may attach files to it."""
        record, relations = self._record(asked, x)
        resource = self.plan.resource
        actions.demand(x, resource, resource.permission("attach"), record.site_id, relations, record)
        return record

    async def _file(self, asked: Asked) -> File:
        """The file of the address, where this person may read the record and the field that holds it."""

        def load(session: Session) -> File:
            x = context(asked, session, self.plan)
            record, relations = self._record(asked, x)
            file = attachments.file_of(x, record, asked.uuid("file"))
            shape = self.plan.fields.get(file.field) if file.field else None
            if shape is not None and rights.seen(shape, asked.gate, record.site_id, relations) != rights.OPEN:
                raise NotFound
            return file

        return await write(asked, load)

    def _remove(self, asked: Asked, session: Session) -> str:
        x = context(asked, session, self.plan)
        record, relations = self._record(asked, x)
        session.refresh(record, with_for_update=True)
        file = attachments.file_of(x, record, asked.uuid("file"))
        permission = "attach" if file.created_by == x.actor else "moderate"
        actions.demand(
            x, self.plan.resource, self.plan.resource.permission(permission), record.site_id, relations, record
        )
        attachments.detach(x, file, record)
        journal.settle(x)
        return file.name

    def _record(self, asked: Asked, x: Context[Any]) -> tuple[Any, frozenset[str]]:
        held = judged(x, self.plan.resource, asked.uuid())
        if held is None:
            raise NotFound
        return held

    def _told(self, asked: Asked, file: File) -> dict[str, Any]:
        address = f"{self.plan.api_path}/{file.record_id}/files/{file.id}"
        return {
            "id": file.id,
            "name": file.name,
            "field": file.field,
            "media_type": file.media_type,
            "size": file.size,
            "digest": file.digest,
            "width": file.width,
            "height": file.height,
            "created_by": file.created_by,
            "created_at": file.created_at,
            "address": address,
            "thumb": f"{address}/thumb" if file.thumb else None,
        }


def removable(gate: Any, plan: Plan, by: UUID | None, own: str, site: UUID, relations: frozenset[str]) -> bool:
    """Whether this person may remove what somebody wrote or attached: their own, or with the right to moderate."""
    mine = by is not None and gate.person is not None and gate.person.id == by
    return bool(gate.may(plan.resource.permission(own if mine else "moderate"), site, relations))


__all__ = ["ROOM", "Files", "removable"]
