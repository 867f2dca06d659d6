"""What corrections elsewhere may open here: a revision of the document that let the nonconformity happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Context, FollowUp, Source, Telling, translator

from .records import Revision

_ = translator("dougong_quality")


def filled(telling: Telling, source: Source, x: Context[Any]) -> Mapping[str, Any]:
    """The document is for the person to say: it does not follow from what happened."""
    text = "\n".join(one for one in (f"{source.label} {source.number}：{telling.title}", telling.text) if one)
    return {"change": text[:20_000]}


FOLLOW_UP = FollowUp("quality.revision", _("Document revision"), Revision.kind, filled)
