"""Why somebody may or may not do something: for oneself always, for others with the right to ask about them.

The question stands in the address, so that a refusal can link to it and a colleague sees the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import orm
from starlette.responses import Response

from ...access import explain as access
from ...access.explain import Explanation
from ...access.gate import Gate
from ...access.people import Person
from ...access.roles import CORE
from ...errors import NotFound
from ...records.context import Context
from ...records.resource import Resource
from ...records.visibility import judged, readable
from ...words import translator
from .. import rights
from ..pages import page
from ..plans import plan_of
from ..requests import write
from ..views import Action, Check, Crumb, ExplainPage, FormPage, Input, Section
from . import words
from .common import indented, options
from .people import ordered

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/explain"
ASKED = ("person", "action", "record", "at")
RIGHT = "core.explain"


@dataclass(frozen=True)
class Question:
    """Who, what, where, with which record. ``site`` None: anywhere."""

    person: Person
    permission: str
    site: UUID | None
    record: str


def others(asked: Asked) -> bool:
    return asked.gate.may(RIGHT, None)


def permissions(asked: Asked) -> list[tuple[str, str]]:
    """Everything that can be asked about, each with its module before it."""
    registry, snapshot = asked.app.registry, asked.snapshot
    found = []
    for module in (CORE, *registry.modules):
        label = registry.plugins[module].manifest.label
        found += [(p.name, f"{label} · {p.label}") for p in registry.permissions.values() if p.module == module]
    return [pair for pair in found if pair[0].partition(".")[0] in (CORE, *snapshot.modules) or others(asked)]


def question(asked: Asked) -> Question | None:
    """What the address asks; None where it asks nothing yet.

    :raises NotFound: about somebody, some permission or some site that is not there for who asks.
    """
    sent, snapshot, me = asked.params(ASKED), asked.snapshot, asked.person
    action = sent.get("action", "")
    if not action or me is None:
        return None
    who = sent.get("person", "")
    person = (
        me
        if who in ("", me.username, str(me.id))
        else next((p for p in snapshot.people.values() if who in (p.username, str(p.id))), None)
    )
    if person is None or (person.id != me.id and not others(asked)) or action not in asked.app.registry.permissions:
        raise NotFound
    slug = sent.get("at", "")
    node = snapshot.sites.by_slug.get(slug) if slug else snapshot.sites.get(asked.site)
    if slug and node is None:
        raise NotFound
    return Question(person, action, node.id if node else None, sent.get("record", "").strip()[:60])


def answered(asked: Asked, of: Question, session: orm.Session) -> Explanation:
    """:raises NotFound: who asks may not ask this, or may not view the record."""
    about = asked.snapshot.gate(of.person.id, asked.now)
    if of.record:
        return _of_record(asked, of, about, session)
    site = of.site
    if site is None and of.person.id != (asked.person.id if asked.person else None):
        site = asked.snapshot.sites.root if asked.gate.may(RIGHT, asked.snapshot.sites.root) else None
    return access.ask(asked.gate, about, of.permission, site)


def _resource(asked: Asked, permission: str) -> Resource[Any]:
    found = asked.app.registry.resources.get(permission.rpartition(".")[0])
    if found is None or found.module not in asked.snapshot.modules:
        raise NotFound
    return found


def _of_record(asked: Asked, of: Question, about: Gate, session: orm.Session) -> Explanation:
    resource = _resource(asked, of.permission)
    plan, mine = plan_of(resource), _context(asked, session, asked.gate, resource)
    named = readable(mine, resource.record)
    try:
        named = named.where(resource.record.id == UUID(of.record))
    except ValueError:
        named = named.where(resource.record.number == of.record)
    record = session.scalar(named)
    held = judged(mine, resource, record.id) if record is not None else None
    if record is None or held is None:
        raise NotFound
    theirs = _context(asked, session, about, resource)
    seen = judged(theirs, resource, record.id)
    relations = seen[1] if seen else frozenset()
    reads = resource.permission("read")
    told = access.ask(asked.gate, about, of.permission, record.site_id, relations, reads=reads, asker_relations=held[1])
    if seen is None:  # the record's own rule, such as an accusation, keeps them from it; which one is not said
        mend = _("Only people whom the record concerns or who stand above can change that.")
        return told.then(False, _("The record itself"), _("Is not shown to this person"), mend)
    if not told.allowed:
        return told
    return rights.explain(theirs, plan, record, relations, of.permission.rpartition(".")[2])


def _context(asked: Asked, session: orm.Session, gate: Gate, resource: Resource[Any]) -> Context[Any]:
    name = resource.module if resource.module in asked.app.registry.settings else CORE
    return Context(session, gate, asked.snapshot.settings(name), asked.now, asked.app.registry, asked.app.jobs)


# ---- the page ---------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /explain``: the question as a form and, once it is asked, the answer."""
    of = question(asked)
    made = ExplainPage(
        title=str(_("Check rights")),
        subtitle=str(
            _("Why somebody may, or may not, do something.")
            if others(asked)
            else _("Why you may, or may not, do something.")
        ),
        checks=[],
        crumbs=[Crumb(str(_("Check rights")))],
        mend="",
        grants=[],
        actions=[],
        form=_form(asked, of),
    )
    if of is not None:
        question_ = of
        told = await write(asked, lambda session: answered(asked, question_, session))
        _say(asked, made, of, told)
    return page(asked, "explain.html", made)


def _say(asked: Asked, made: ExplainPage, of: Question, told: Explanation) -> None:
    snapshot = asked.snapshot
    names = {"name": of.person.name, "what": snapshot.label(of.permission)}
    where = of.record or (words.site_name(snapshot, of.site) if of.site else str(_("anywhere")))
    verdict = _("Yes: {name} may “{what}” ({where}).") if told.allowed else _("No: {name} may not “{what}” ({where}).")
    made.title = str(verdict.format(**names, where=where))
    made.subtitle = str(_("Judged for now."))
    yes, no = str(_("Passed")), str(_("Stopped here"))
    made.checks = [Check(str(c.text), str(c.small), c.ok, yes if c.ok else no) for c in told.checks]
    made.mend, made.grants = str(told.mend), [str(g) for g in told.grants]
    made.crumbs = [Crumb(str(_("Check rights")), PATH), Crumb(of.person.name)]
    if not told.allowed and told.grants and asked.gate.may("core.grants.edit", None):
        at = f"&at={snapshot.sites.node(of.site).slug}" if of.site else ""
        made.actions = [Action(str(_("Give a role")), f"/admin/grants/new?person={of.person.id}{at}", "key", main=True)]


def _form(asked: Asked, of: Question | None) -> FormPage:
    sent, me = asked.query, asked.person
    inputs: list[Input] = []
    if others(asked):
        people = [(p.username, f"{p.name} ({p.username})") for p in ordered(dict(asked.snapshot.people))]
        chosen = of.person.username if of else sent.get("person") or (me.username if me else "")
        inputs.append(Input("person", str(_("Who")), "person", required=True, options=options(people, chosen)))
    nodes = [n for n in asked.snapshot.sites.ordered() if n.id in asked.app.frames.of(asked).permitted or others(asked)]
    site = asked.snapshot.sites.node(of.site).slug if of and of.site else sent.get("at", "")
    inputs += [
        Input(
            "action",
            str(_("What")),
            "choice",
            required=True,
            options=options(permissions(asked), sent.get("action", "")),
        ),
        Input(
            "at",
            str(_("Where")),
            "site",
            options=options([(n.slug, indented(n, nodes)) for n in nodes], site),
            help=str(_("Empty: anywhere.")),
        ),
        Input(
            "record",
            str(_("With which record")),
            "line",
            sent.get("record", ""),
            maxlength=60,
            help=str(_("Its number, if it is about one.")),
        ),
    ]
    return FormPage(str(_("Check rights")), PATH, str(_("Check")), [Section("", inputs)])
