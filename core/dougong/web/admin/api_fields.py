"""The API twin of a company's own fields: ``/api/v1/core/fields``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ...access.desk import Desk
from ...errors import BadRequest, NotFound
from ...records import custom_desk
from ...tenancy.custom import CustomField
from ...words import translator
from ..api import answer
from ..routing import Route
from .api import API
from .common import at_desk, need_whole
from .fields import resources

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_SHOWN = (
    "id", "name", "type", "title", "help", "section", "unit", "required", "listed", "filtered", "personal", "mask",
    "position",
)  # fmt: skip


def _out(one: CustomField) -> dict[str, Any]:
    found = {"record": one.record_kind, **{name: getattr(one, name) for name in _SHOWN}}
    found["options"] = [{"value": value, "label": label} for value, label in one.options]
    return {**found, "removed": one.removed_at is not None}


async def _sent(asked: Asked) -> dict[str, Any]:
    sent = await asked.json()
    if not isinstance(sent, dict):
        raise BadRequest(_("Send a JSON object."))
    return sent


async def index(asked: Asked) -> Response:
    """``?record=`` narrows to one kind. Fields that were put away are there too, marked so."""
    need_whole(asked, custom_desk.PERMISSION)
    wanted = asked.params(("record",)).get("record")
    kinds = [one.kind for one in resources(asked) if wanted in (None, one.kind)]

    def read(desk: Desk) -> list[dict[str, Any]]:
        found = [custom_desk.listed(desk, kind) + custom_desk.listed(desk, kind, removed=True) for kind in kinds]
        return [_out(one) for several in found for one in several]

    return answer({"results": await at_desk(asked, read), "next": None})


async def create(asked: Asked) -> Response:
    """``record`` names the kind; the rest describes the field."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    sent = await _sent(asked)
    kind = sent.pop("record", None)
    if not any(one.kind == kind for one in resources(asked)):
        raise NotFound
    made = await at_desk(asked, lambda desk: _out(custom_desk.add(desk, str(kind), sent)))
    return answer(made, 201, location=f"{API}/fields/{made['id']}")


async def one(asked: Asked) -> Response:
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    return answer(await at_desk(asked, lambda desk: _out(custom_desk.one(desk, asked.uuid()))))


async def edit(asked: Asked) -> Response:
    """What is given replaces what stood there; the rest stays."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    sent, id = await _sent(asked), asked.uuid()

    def change(desk: Desk) -> dict[str, Any]:
        held = _out(custom_desk.one(desk, id))
        kept = {name: held[name] for name in custom_desk.Described.model_fields}
        return _out(custom_desk.change(desk, id, kept | sent))

    return answer(await at_desk(asked, change))


async def put(asked: Asked) -> Response:
    """``…/remove``, ``…/restore``, ``…/purge``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    steps: dict[str, Any] = {"remove": custom_desk.remove, "restore": custom_desk.restore, "purge": custom_desk.purge}
    step = steps.get(asked.path_params["what"])
    if step is None:
        raise NotFound
    done = await at_desk(asked, partial(step, id=asked.uuid()))
    return answer({"purged": done} if isinstance(done, int) else {"id": asked.uuid()})


ROUTES = [
    Route("GET", f"{API}/fields", index),
    Route("POST", f"{API}/fields", create),
    Route("GET", f"{API}/fields/{{id}}", one),
    Route("PATCH", f"{API}/fields/{{id}}", edit),
    Route("POST", f"{API}/fields/{{id}}/{{what}}", put),
]
