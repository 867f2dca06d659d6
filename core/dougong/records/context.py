"""Context: what a plugin's code may use while it handles a record: the session, the person, the rules of the company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from ..access.gate import Gate
from ..access.people import Person
from ..access.snapshot import Snapshot
from ..errors import NotFound
from ..scheduling.calendars import Calendar
from ..scheduling.held import calendar_of
from ..tenancy.stored import Stored
from .awaiting import heard
from .reckoning import reckon
from .record import Child, Record

if TYPE_CHECKING:
    from ..plugins.registry import Registry
    from ..scheduling.jobs import Jobs
    from ..scheduling.progress import Progress
    from ..tenancy.files import Store
    from .attachments import File
    from .comments import Comment
    from .events import Matter
    from .media import Upload

C = TypeVar("C", bound=BaseModel)
K = TypeVar("K", bound=Child)
R = TypeVar("R", bound=Record)
T = TypeVar("T")


@dataclass
class Context(Generic[C]):
    """One unit of work of one person (or of the system, where ``person`` is None).

    :param store: where the files of records lie; None: this work has nothing to do with files.
    :param now: the moment that counts for everything done here, aware, UTC.
    :param behalf: for whom the system does it, where it is somebody without an account: ``resident``. The history says so.
    :param site: chosen by ``?site=`` of the page that is being made, if one was.
    """

    session: Session
    gate: Gate
    settings: C
    now: dt.datetime
    registry: Registry
    jobs: Jobs | None = None
    imported: bool = field(default=False)
    behalf: str = field(default="")
    store: Store | None = None
    site: UUID | None = None

    @property
    def person(self) -> Person | None:
        return self.gate.person

    @property
    def actor(self) -> UUID | None:
        return self.gate.person.id if self.gate.person else None

    @property
    def snapshot(self) -> Snapshot:
        return self.gate.snapshot

    @property
    def tenant(self) -> UUID:
        return self.snapshot.tenant

    # ---- rules of the company ----

    def settings_of(self, module: str) -> Any:
        """Settings of another module; ``"core"`` for the company's own."""
        return self.snapshot.settings(module)

    def contributed(self, kind: type[T]) -> list[tuple[str, T]]:
        """What the enabled modules contribute of a class (``dougong_contributions``), each with its module's name."""
        return self.registry.contributed(kind, self.snapshot.modules)

    def calendar(
        self, site: UUID | None, *, always: bool = False, post: str | None = None, name: str | None = None
    ) -> Calendar:
        """The working calendar of a site, or the clock that never stops.

        :param site: None: the company's own, for what belongs to no site.
        :param always: round the clock in the site's time zone, whatever is set.
        :param post: slug of a role: the calendar of that post there (the security guards' shifts); where none is set, the site's.
        :param name: slug of one of the company's calendars, whatever holds at the site; ``default`` is the company's own. One
            that the company does not have (any more): what holds at the site.
        """
        return calendar_of(self.snapshot, site, always=always, post=post, name=name)

    def today(self, site: UUID) -> dt.date:
        """The day at a site now, in its time zone."""
        return self.now.astimezone(self.snapshot.sites.zone(site)).date()

    def who(self, role: str, site: UUID) -> list[Person]:
        """Holders of a post for a site, the nearest first, deputies in the place of the absent."""
        return self.snapshot.who(role, site, self.now)

    def line(self, person: UUID, site: UUID) -> list[tuple[str, list[Person]]]:
        """The posts above a person at a site, in order up the tree, with those who hold them: as a module draws the line of
        command (``CommandLine``), else by the levels of roles."""
        from .commanding import superiors

        return superiors(self, person, site) or self.snapshot.line(person, site, self.now)

    # ---- records ----

    def children(self, parent: Record, kind: type[K]) -> list[K]:
        """A record's entries of one kind, the oldest first."""
        return list(
            self.session.scalars(
                sa.select(kind)
                .where(kind.tenant_id == self.tenant, kind.parent_id == parent.id)
                .order_by(kind.at, kind.id)
            )
        )

    def add(self, parent: Record, child: K) -> K:
        """Put an entry into a record's timeline. The parent's row version rises with it, so that two people who
        decide by the same timeline at once get a conflict instead of a contradiction."""
        child.parent_id, child.created_by = parent.id, self.actor
        child.at = self.now
        self.session.add(child)
        heard(self, parent, child)
        return child

    def reckon(self, record: Record) -> None:
        """Bring a record's clocks into step with it now, for code that has to know the due times that follow from what it
        has just changed. It is done at the end of every write anyway.

        :raises Conflict: as the write itself would.
        """
        from .visibility import resource_of

        resource = resource_of(self.registry.resources, type(record))
        reckon(resource, record, self.with_settings(self.snapshot.settings(resource.module)))

    def readable(self, kind: type[R]) -> sa.Select[R]:
        """A query that begins with what this person may see."""
        from .visibility import readable

        return readable(self, kind)

    def meant(self, kind: type[Record], text: str) -> UUID | None:
        """The record that somebody means by a number or by what it is known by; None: none that this person may see."""
        from .naming import meant

        return meant(self, kind, text)

    def get(self, kind: type[R], id: UUID) -> R:
        """One record that this person may see. :raises NotFound: otherwise."""
        found = self.session.scalar(self.readable(kind).where(kind.id == id))
        if found is None:
            raise NotFound()
        return found

    def demand(self, permission: str, record: Record) -> None:
        """Go on only where this context's person holds a permission for a record that they may see.

        :raises Forbidden: they do not; with the explanation.
        """
        from .actions import demand
        from .visibility import holding, resource_of

        resource = resource_of(self.registry.resources, type(record))
        demand(self, resource, permission, record.site_id, holding(self, resource, record.id), record)

    def create(self, kind: type[R], site: UUID, **values: Any) -> R:
        """Create a record of any enabled module as part of this unit of work, with its number, rules and history."""
        from .actions import create_as_system

        return create_as_system(self, kind, site, values)

    def submit(
        self,
        kind: type[R],
        site: UUID,
        body: Mapping[str, Any],
        *,
        then: str | None = None,
        then_body: Mapping[str, Any] | None = None,
    ) -> R:
        """Create a record as this context's person would by its form: same rights, checks and history (demo data, imports).

        :raises Forbidden, Invalid, Conflict: nothing is written then.
        """
        from .actions import create
        from .visibility import resource_of

        resource = resource_of(self.registry.resources, kind)
        inner = self.with_settings(self.snapshot.settings(resource.module))
        made: R = create(resource, body, inner, site=site, then=then, then_body=then_body)
        return made

    def take(self, record: R, transition: str, **body: Any) -> R:
        """Take a transition as this context's person would by its form: same rights, guards and history.

        :raises NotFound, Forbidden, Invalid, Conflict: nothing is written then.
        """
        from .actions import transition as take
        from .visibility import resource_of

        resource = resource_of(self.registry.resources, type(record))
        inner = self.with_settings(self.snapshot.settings(resource.module))
        taken: R = take(resource, record.id, transition, body, inner)
        return taken

    def link(self, one: Stored, other: Stored, *, origin: bool = False) -> None:
        """Link two records, of whatever modules; linking twice is one link.

        :param origin: ``one`` gave rise to ``other``: chains are drawn in that order.
        """
        from .links import link

        link(self, one, other, origin=origin)

    # ---- files and comments ----

    def attach(self, record: Record, upload: Upload, *, field: str | None = None, most: int | None = None) -> File:
        """Put an upload to a record, whatever this person may: the caller answers for that. The same bytes twice are one
        file. Slow for pictures; ``asked.upload()`` has done the slow part before the transaction.

        :param field: the record's own field that holds it; None: an attachment.
        :param most: bytes; a module's own file (an import, an export), to which the company's rules do not apply.
        :raises Invalid: empty, too large, broken, of a kind that the company does not take, or too many.
        """
        from .attachments import attach

        return attach(self, record, upload, field=field, most=most)

    def detach(self, record: Record, file: File) -> None:
        """Take a file from its record; history keeps that it was there. :raises NotFound: it is not this record's."""
        from .attachments import detach

        detach(self, file, record)

    def files(self, record: Record, *, field: str | None = None) -> list[File]:
        """A record's attachments, or the files of one of its fields, the oldest first."""
        from .attachments import files

        return files(self, record, field=field)

    def open(self, file: File) -> Iterator[bytes]:
        """The bytes of a file, in pieces. :raises LookupError: they are gone. :raises Unavailable: the store is away."""
        from .attachments import opened

        return opened(self, file)

    def comment(self, record: Record, text: str, mentions: Iterable[UUID] = ()) -> Comment:
        """Say something about a record, whatever this person may; ``@name`` in the text mentions people.

        :raises Invalid: nothing said, too much, or a mentioned person may not see the record.
        """
        from .comments import comment

        return comment(self, record, text, mentions)

    def comments(self, record: Record) -> list[Comment]:
        """Comments on a record, the oldest first."""
        from .comments import comments

        return comments(self, record)

    def changes(self, record: Record) -> dict[str, tuple[Any, Any]]:
        """What is being settled of a record: field → (before, after). For ``dougong_changed``."""
        return dict(self.session.info.get("changed", {}).get((record.kind, record.id), {}))

    # ---- telling people ----

    def tell(self, event: str, record: Record | Matter, people: Sequence[UUID] | None = None, **facts: str) -> None:
        """Have people told of an event of a record; nothing happens where no module that tells is on.

        :param event: name of a contributed ``Event``. :param people: whom; None: as the event says.
        :param facts: what the words of a clock's event need: ``clock`` and ``due``.
        """
        from .events import Herald

        for _module, herald in self.contributed(Herald):
            herald.tell(event, record, people, self, facts)

    def climb(self, record: Record, told: Iterable[UUID]) -> tuple[str, list[Person]] | None:
        """The next level of the line at a record's site above people who were told of it and gave no receipt: the role and
        those of its holders who may see the record.

        :returns: None where they stand at the top.
        """
        from .answering import climb

        return climb(record, told, self)

    def contact(self, person: UUID) -> tuple[str | None, str | None]:
        """E-mail address and phone number of a person, as the administration keeps them."""
        from ..access.tables import Person as Row

        found = self.session.get(Row, (self.tenant, person))
        return (found.email, found.phone) if found else (None, None)

    def host(self) -> str | None:
        """A host name at which this company is reached, for links; None where it has none."""
        from ..tenancy.tables import hosts

        known = sa.select(hosts.c.host).where(hosts.c.tenant_id == self.tenant)
        return self.session.scalar(known.order_by(sa.func.length(hosts.c.host), hosts.c.host).limit(1))

    # ---- jobs and time ----

    def enqueue(self, job: str, *, key: str | None = None, at: dt.datetime | None = None, **ids: Any) -> None:
        """Have a job done after this transaction, exactly if it commits.

        :param key: while a job with this key waits, another is not added.
        :param ids: what the job needs to find its work: ids, never personal data.
        """
        if self.jobs is None:
            raise RuntimeError("this context has no job queue")
        self.jobs.enqueue(self.session, job, key=key, at=at, **ids)

    def plan_by_values(self) -> None:
        """Have the statements that follow in this unit of work planned for their values: for figures over very many records,
        where a plan for any person's sites would be far slower."""
        from ..tenancy.cells import by_values

        by_values(self.session)

    def progress_of(self, about: UUID) -> Progress | None:
        """How far a job said that it is with what it works on; None: it has said nothing yet, or is done. Whoever asks has
        made sure that the person may see what it is about."""
        from ..scheduling.progress import progress_of

        return progress_of(self.session, self.tenant, about)

    @contextmanager
    def at(self, moment: dt.datetime) -> Iterator[Context[C]]:
        """The same work as if it were done at another moment (imports, demo data)."""
        yield replace(self, now=moment, gate=replace_moment(self.gate, moment))

    def as_person(self, person: UUID | None, *, only: Iterable[str] | None = None) -> Context[C]:
        """The same unit of work with the rights of another person (demo data, jobs on somebody's behalf).

        :param only: ``gate.only`` of when it was begun: what a token began may later do no more than the token could.
        """
        return replace(self, gate=self.snapshot.gate(person, self.now, only=None if only is None else tuple(only)))

    def for_resident(self) -> Context[C]:
        """The same unit of work as the system on behalf of a resident without an account, which the history then says."""
        from .residents import on_behalf

        return on_behalf(self)

    def with_settings(self, settings: Any) -> Context[Any]:
        """The same unit of work for another module's rules."""
        return replace(self, settings=settings)


def replace_moment(gate: Gate, moment: dt.datetime) -> Gate:
    """The same person's gate at another moment."""
    return gate.snapshot.gate(gate.person.id if gate.person else None, moment, only=gate.only)
