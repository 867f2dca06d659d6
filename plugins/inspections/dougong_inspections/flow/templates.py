"""A template's life: its draft is edited on a page of its own, publishing makes a revision that never changes."""

from __future__ import annotations

from dougong import Form as Form
from dougong import Prose, Workflow, asked, guard, translator

from .. import items
from ..base import Nothing, Reason, X
from ..choices import TemplateState
from ..records import Revision, Template
from ..settings import Settings

_ = translator("dougong_inspections")

flow = Workflow(Template, Template.status, Settings)
EDITOR = "/inspections/templates/{id}/items"


@guard(_("It has no items yet."))
def has_items(t: Template, x: X) -> bool:
    return bool(t.draft)


class Publishing(Form):
    note: Prose = asked(_("What changed"))


@flow.on(
    _("Edit the items"),
    (TemplateState.DRAFT, TemplateState.ACTIVE),
    form=Nothing,
    permission="inspections.template.edit",
    page=EDITOR,
    icon="edit",
)
def items_of(t: Template, f: Nothing, x: X) -> None:
    """The page writes the draft; the step is its button."""


@flow.on(
    _("Publish"),
    (TemplateState.DRAFT, TemplateState.ACTIVE),
    TemplateState.ACTIVE,
    form=Publishing,
    guards=[has_items],
    icon="check",
    help=_("New tasks take the new revision; tasks that were made keep theirs."),
)
def publish(t: Template, f: Publishing, x: X) -> None:
    """The draft becomes the next revision, checked once more."""
    kept = items.stored(items.read(t.draft))
    made = x.add(t, Revision(version=t.revision + 1, note=f.note, scored=t.scored, items=kept))
    x.session.flush()
    t.revision, t.current_id, t.published_at = made.version, made.id, x.now


@flow.on(_("Use no longer"), TemplateState.ACTIVE, TemplateState.RETIRED, form=Reason, icon="close", danger=True)
def retire(t: Template, f: Reason, x: X) -> None:
    """Routes that name it go on with its last revision until they are changed."""


flow.step(
    "use_again",
    _("Use again"),
    TemplateState.RETIRED,
    TemplateState.ACTIVE,
    permission="inspections.template.retire",
    icon="undo",
)
