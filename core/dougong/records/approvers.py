"""Who may sign a level of an approval, judged at the moment: by posts, grants, deputies and what each may see.

Owns the rules: no author signs, not as somebody's deputy either; a post that nobody can sign for climbs the line at the
record's site to the next who may; one person takes two seats of a level only where no second one is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .approval_tables import Approval, ApprovalSeat
from .commanding import above_role, superiors
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may sign a seat.

    :param instead_of: whose place they take while that person is away. :param climbed: the post by which they may, where the
        seat's own is vacant.
    """

    person: UUID
    instead_of: UUID | None = None
    climbed: str | None = None


class Approvers:
    """The people who may sign for one record. :param authors: none of them may."""

    def __init__(
        self, resource: Resource[Any], record: Record, permission: str, authors: Iterable[UUID | None], x: Context[Any]
    ) -> None:
        self.resource, self.record, self.permission, self.x = resource, record, permission, x
        self.authors = frozenset(a for a in authors if a is not None)
        self._fits: dict[tuple[UUID, UUID], bool] = {}

    def offered(self, seats: Iterable[ApprovalSeat], need: str) -> dict[UUID, list[Signer]]:
        """Who may sign each seat of a level, by the seat's id; the nearest first."""
        direct = {seat.id: self._direct(seat) for seat in seats}
        held = any(direct.values())
        return {seat.id: direct[seat.id] or ([] if need == "any" and held else self._above(seat)) for seat in seats}

    def waited_for(self, approval: Approval) -> list[Signer]:
        """Everybody who may sign now, each once."""
        if not approval.running:
            return []
        everybody = {one.person: one for one in reversed(self._open(approval))}
        return [one for one in reversed(everybody.values()) if self.turn(approval, one.person)]

    def turn(self, approval: Approval, me: UUID | None) -> list[tuple[ApprovalSeat, Signer]]:
        """The seats that this person would sign by agreeing now; empty where it is not their turn."""
        if me is None or not approval.running:
            return []
        level = approval.row.level
        need = approval.row.levels[level]["need"]
        seats = approval.at(level)
        free = [seat for seat in seats if seat.signed_by is None]
        offered = self.offered(free, need)
        mine = [(seat, one) for seat in free for one in offered[seat.id] if one.person == me]
        mine.sort(key=lambda pair: (pair[1].climbed is not None, pair[1].instead_of is not None))
        if need == "any":
            return mine[:1]
        signed = {seat.signed_by for seat in seats} | {me}
        alone = [pair for pair in mine if not {o.person for o in offered[pair[0].id]} - signed]
        if alone or me in {seat.signed_by for seat in seats}:
            return alone
        return sorted(mine, key=lambda pair: len(offered[pair[0].id]))[:1]

    def _open(self, approval: Approval) -> list[Signer]:
        level = approval.row.level
        free = [seat for seat in approval.at(level) if seat.signed_by is None]
        offered = self.offered(free, approval.row.levels[level]["need"])
        return [one for several in offered.values() for one in several]

    # ---- one seat ----

    def _direct(self, seat: ApprovalSeat) -> list[Signer]:
        if seat.person_id is not None:
            return self._standing([seat.person_id], None)
        return self._standing(self._holders(str(seat.role)), None)

    def _above(self, seat: ApprovalSeat) -> list[Signer]:
        """The next up the line who may: as a module draws the line of command, else the posts above the seat's own, the
        lowest first, the nearest first."""
        for name, people in self._commanded(seat):
            if found := self._standing(people, name):
                return found
        snapshot, at = self.x.snapshot, self.x.now
        post = snapshot.roles.get(seat.role or "")
        own = post.level if post is not None else seat.rank
        nearest: dict[str, int] = {}
        for distance, site in enumerate(snapshot.sites.ancestors(self.record.site_id)):
            for grant in snapshot.grants_at(site):
                if grant.live(at) and grant.role in snapshot.roles:
                    nearest.setdefault(grant.role, distance)
                    if seat.person_id is not None and grant.person == seat.person_id:
                        own = max(own, snapshot.roles[grant.role].level)
        above = [snapshot.roles[slug] for slug in nearest if snapshot.roles[slug].level > own]
        for role in sorted(above, key=lambda r: (r.level, nearest[r.slug], r.slug)):
            if found := self._standing(self._holders(role.slug), role.slug):
                return found
        return []

    def _commanded(self, seat: ApprovalSeat) -> list[tuple[str, list[UUID]]]:
        site = self.record.site_id
        if seat.person_id is None:
            return above_role(self.x, str(seat.role), site)
        return [(post, [p.id for p in people]) for post, people in superiors(self.x, seat.person_id, site)]

    def _holders(self, role: str) -> list[UUID]:
        """Holders of a post whose grants cover the record's site, the nearest first; present or not."""
        held = [
            grant.person
            for site in self.x.snapshot.sites.ancestors(self.record.site_id)
            for grant in self.x.snapshot.grants_at(site)
            if grant.role == role and grant.live(self.x.now)
        ]
        return list(dict.fromkeys(held))

    def _standing(self, people: Iterable[UUID], climbed: str | None) -> list[Signer]:
        found: dict[UUID, Signer] = {}
        for one in people:
            if one in self.authors:
                continue
            for person in self.x.snapshot.standing(one, self.x.now, without=self.authors):
                if self._fit(person.id, one):
                    found.setdefault(person.id, Signer(person.id, one if person.id != one else None, climbed))
        return sorted(found.values(), key=lambda s: s.instead_of is not None)

    def _fit(self, person: UUID, holder: UUID) -> bool:
        """Whether they may see the record themselves, and they or whoever they stand for may approve it."""
        key = (person, holder)
        if key not in self._fits:
            self._fits[key] = self._sees(person) and any(self._may(one) for one in {person, holder})
        return self._fits[key]

    def _sees(self, person: UUID) -> bool:
        known = self.x.snapshot.people.get(person)
        if known is None or not known.active:
            return False
        from .visibility import judged

        scope = self.x.snapshot.gate(person, self.x.now).scope(self.resource.permission("read"))
        if self.resource.visible is None and self.record.site_id in scope.free and self.record.scope == "site":
            return True
        return bool(scope) and judged(self.x.as_person(person), self.resource, self.record.id) is not None

    def _may(self, person: UUID) -> bool:
        from .visibility import judged

        gate = self.x.snapshot.gate(person, self.x.now)
        if gate.may(self.permission, self.record.site_id):
            return True
        if not gate.scope(self.permission):
            return False
        held = judged(self.x.as_person(person), self.resource, self.record.id)
        return held is not None and gate.may(self.permission, self.record.site_id, held[1])


__all__ = ["Approvers", "Signer"]
