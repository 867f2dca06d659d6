"""The work of an import: one block of rows in one transaction, so that whatever ends the process, no row is there twice.

Checking and importing take the same way; only importing writes records. Rights are judged anew with each block, as
those of the person who started it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    ImportRow,
    JobContext,
    Problem,
    Resource,
    change_many,
    check_many,
    create_many,
    extend_vocabulary,
    found_site,
    insert_rows,
    speaking,
    translator,
    vocabulary,
)

from . import counting, flow, taking_in
from .choices import RunState
from .mapping import Mapping
from .reading_rows import Cell, Read, Reader, slug_of
from .records import Block, Fault, Origin, Run, Seen
from .targets import IMPORT, Targets, resource_named

_ = translator("dougong_exchange")

MOST_FAULTS = 5000  # bad cells that are kept of one run; the count goes on
_WORK = (RunState.CHECKING, RunState.IMPORTING)


def job(running: JobContext, run: UUID) -> None:
    """The background job: one block, and itself again in the same transaction while there is more."""
    x: Context[Any] = running.context
    if advance(x, run, running.progress):
        x.enqueue(flow.GO, run=run)


def advance(x: Context[Any], id: UUID, tell: Callable[[int, int], None] | None = None) -> bool:
    """Do the next piece of a run's work.

    :param tell: told how many rows of how many are done. :returns: whether there is more.
    """
    run = x.session.scalar(sa.select(Run).where(Run.tenant_id == x.tenant, Run.id == id).with_for_update())
    if run is None or run.status not in _WORK:
        return False
    if tell is not None:
        tell(run.done, run.rows)
    person = x.snapshot.people.get(run.started_by) if run.started_by else None
    with speaking(person.locale if person else None):
        try:
            return _piece(x, run)
        except Problem as problem:  # of the whole, not of a row: somebody has to mend it and go on
            x.session.expire_all()
            words = [str(problem.detail), *(str(e.message) for e in problem.errors)]
            run.trouble = (" ".join(w for w in words if w) or str(type(problem).title))[:2000]
            x.take(run, flow.stuck.name)
            return False


def _piece(x: Context[Any], run: Run) -> bool:
    theirs = x.as_person(run.started_by, only=run.token_scope)
    resource = resource_named(theirs, run.target)
    importing = run.status is RunState.IMPORTING
    if importing and run.needs:
        _make(theirs, resource, run)
        run.needs = {}
        return True  # the next piece finds the company with its new sites and words
    rows = taking_in.block(x, run.id, run.position)
    if rows:
        settings = x.snapshot.settings(resource.module) if resource.settings else x.settings
        Work(theirs.with_settings(settings), run, resource, importing).do(rows)
        run.position += 1
        run.done += len(rows)
        x.session.flush()
    if run.done < run.rows and rows:
        return True
    x.take(run, flow.finished.name if importing else flow.checked.name)
    if importing:
        taking_in.clear(x, run.id)
    return False


def _make(x: Context[Any], resource: Resource[Any], run: Run) -> None:
    """Sites and words that the rows need, as this person may make them."""
    tree = x.snapshot.sites
    for name in run.needs.get("sites", {}):
        parent = Mapping.model_validate(run.mapping).site.parent
        above = tree.by_slug[parent].id if parent in tree.by_slug else tree.root
        slug = slug_of(name)
        while slug in tree.by_slug:
            slug = f"{slug[:50]}-{len(tree)}"
        found_site(x, above, slug, name)
    for field_name, words in run.needs.get("words", {}).items():
        shape = Targets(x, resource).by_name[field_name].shape
        extra = Mapping.model_validate(run.mapping).fields[field_name].create or {}
        entries = {key: {"name": label, **extra} for key, label in words.items()}
        extend_vocabulary(x, resource.module, shape.meta.vocabulary or "", entries)


@dataclass
class _Known:
    """What an earlier import brought under a key."""

    record: UUID
    digest: str
    site: UUID | None = None  # None: it is gone, or not this person's to see


@dataclass
class Work:
    """One block. :ivar x: as the person, with the settings of the records' module."""

    x: Context[Any]
    run: Run
    resource: Resource[Any]
    importing: bool
    faults: list[dict[str, Any]] = field(default_factory=list)
    origins: list[dict[str, Any]] = field(default_factory=list)

    def do(self, rows: Sequence[taking_in.PackedRow]) -> None:
        self.mapping = Mapping.model_validate(self.run.mapping)
        self.targets = Targets(self.x, self.resource)
        self.reader = Reader(self.x, self.targets, self.mapping, list(self.run.headings))
        self.texts = dict(rows)
        self.allowed: dict[tuple[str, UUID], bool] = {}
        read = [self.reader.read(number, texts) for number, texts in rows]
        counting.count(self.x, self.run.id, self.targets.importable, read)
        fresh = self._once(read)
        known = self._known([one.key for one in fresh])
        new: list[tuple[Read, _Known | None]] = []
        old: list[tuple[Read, _Known | None]] = []
        for one in fresh:
            had = known.get(one.key)
            if had is not None and self._guessed(one, had):
                had = None if one.key.startswith("row:") else had
            elif had is not None and had.digest == one.digest:
                self.run.skipped += 1
                continue
            if not one.bad:
                (new if had is None else old).append((one, had))
            else:
                self._refuse(one, one.bad)
        self._create([one for one, _had in new])
        self._change([(one, had) for one, had in old if had is not None])
        self._write()

    # ---- which rows there are ----

    def _once(self, read: list[Read]) -> list[Read]:
        """Rows whose key did not stand in the file before; the others are refused, or the same row again is left out."""
        numbers: dict[str, int] = {}
        again = {row.key: row.row for row in self.x.session.scalars(
            sa.select(Seen).where(Seen.run_id == self.run.id, Seen.key.in_([one.key for one in read]))
        )}  # fmt: skip
        kept = []
        for one in read:
            before = again.get(one.key, numbers.get(one.key))
            if before is None:
                numbers[one.key] = one.number
                kept.append(one)
            elif one.key.startswith("row:"):
                self.run.skipped += 1
            else:
                why = str(_("stands in row {n} already").format(n=before))
                self._refuse(one, [Cell(self.mapping.key, one.key[:100], why)])
        found = [{"run_id": self.run.id, "key": key, "row": number} for key, number in numbers.items()]
        insert_rows(self.x.session, Seen.__table__, found)
        return kept

    def _known(self, keys: list[str]) -> dict[str, _Known]:
        mine = Origin.record_kind == self.resource.kind, Origin.source == self.mapping.source, Origin.key.in_(keys)
        rows = self.x.session.execute(sa.select(Origin.key, Origin.record_id, Origin.digest).where(*mine)).all()
        if not rows:
            return {}
        record = self.resource.record
        there = sa.select(record.id).where(
            record.tenant_id == self.x.tenant, record.id.in_([r.record_id for r in rows])
        )
        exist = set(self.x.session.scalars(there))
        ids = [r.record_id for r in rows]
        seen = {
            one.id: one.site_id for one in self.x.session.scalars(self.x.readable(record).where(record.id.in_(ids)))
        }
        return {r.key: _Known(r.record_id, r.digest, seen.get(r.record_id)) for r in rows if r.record_id in exist}

    # ---- what becomes of them ----

    def _create(self, rows: list[Read]) -> None:
        ready = [one for one in rows if self._may_create(one)]
        substitute = {} if self.importing else self._stand_ins(ready)
        made = [
            ImportRow(
                one.site or self.x.snapshot.sites.root,
                {**one.body, **self._filled(one, substitute)},
                {**one.own, **one.counted},
            )
            for one in ready
        ]
        results = (create_many if self.importing else check_many)(self.resource, made, self.x)
        for one, result in zip(ready, results, strict=True):
            if isinstance(result, Problem):
                self._refuse(one, self._cells(one, result))
                continue
            self.run.created += 1
            if self.importing:
                self._origin(one, result.id)
            else:
                self._need(one)

    def _filled(self, one: Read, substitute: dict[str, str]) -> dict[str, str]:
        return {name: substitute[name] for name in one.missing if name in substitute}

    def _stand_ins(self, rows: list[Read]) -> dict[str, str]:
        """While checking: any entry of a vocabulary in the place of one that is still to be made."""
        found = {}
        for name in {name for one in rows for name in one.missing}:
            words = vocabulary(
                self.x.snapshot, self.resource.module, self.targets.by_name[name].shape.meta.vocabulary or ""
            )
            found[name] = next(iter(words), "")
        return found

    def _change(self, rows: list[tuple[Read, _Known]]) -> None:
        wanted: dict[UUID, tuple[Read, ImportRow]] = {}
        for one, had in rows:
            if had.site is None or not self._may(self.resource.permission("edit"), had.site):
                self._refuse(one, [Cell(self.mapping.key, one.key[:100], str(_("you may not change this record")))])
                continue
            body = {n: v for n, v in one.body.items() if n in self.targets.fields.edited}
            if closed := self._closed(one, had.site):
                why = str(_("you may not change this here"))
                self._refuse(one, [Cell(self.reader.label(n), "", why) for n in closed])
                continue
            wanted[had.record] = one, ImportRow(had.site, body, one.own)
        if not wanted:
            return
        nested = None if self.importing else self.x.session.begin_nested()
        results = change_many(self.resource, {id: row for id, (_one, row) in wanted.items()}, self.x)
        if nested is not None:
            nested.rollback()
        for id, result in results.items():
            one = wanted[id][0]
            if isinstance(result, Problem):
                self._refuse(one, self._cells(one, result))
                continue
            if result is None:
                self.run.skipped += 1
            else:
                self.run.updated += 1
            if self.importing:
                self._origin(one, id)

    def _guessed(self, one: Read, had: _Known) -> bool:
        """Whether it would tell this person something to be told that a row is the same as before: it brings what they may not
        read there, or they have no business at its site. Then it is taken as any other row."""
        if had.site is not None:
            return bool(self._closed(one, had.site))
        return one.site is None or not self._may(self.resource.permission("create"), one.site)

    def _closed(self, one: Read, site: UUID) -> list[str]:
        """Fields of a row that this person may not read at a site."""
        known = self.targets.by_name
        return [n for n in (*one.body, *one.own) if (r := known[n].shape.meta.reads) and not self._may(r, site)]

    def _may_create(self, one: Read) -> bool:
        tree = self.x.snapshot.sites
        parent = tree.by_slug.get(self.mapping.site.parent)
        site = one.site or (parent.id if parent else tree.root)
        rights = [self.resource.permission("create"), IMPORT, *(["core.sites.edit"] if one.site is None else [])]
        if one.missing and not self._may("core.settings.edit", tree.root):
            name = next(iter(one.missing))
            why = str(_("is new, and adding it to the company's settings is not yours to do"))
            self._refuse(one, [Cell(self.reader.label(name), one.missing[name][1], why)])
            return False
        if all(self._may(right, site) for right in rights):
            return True
        new_site = _("a site of this name would have to be made, which is not yours to do")
        told = new_site if one.site is None else _("you may not import such records at this site")
        self._refuse(one, [Cell(self.mapping.site.column or str(_("Site")), one.site_name[:100], str(told))])
        return False

    def _may(self, permission: str, site: UUID) -> bool:
        found = self.allowed.get((permission, site))
        if found is None:
            found = self.allowed[permission, site] = self.x.gate.may(permission, site)
        return found

    # ---- what is written down ----

    def _cells(self, one: Read, problem: Problem) -> list[Cell]:
        if not problem.errors:
            return [Cell("", "", str(problem.detail) or str(type(problem).title))]
        texts = self.texts[one.number]
        found = []
        for error in problem.errors:
            target = self.targets.by_name.get(error.path.partition(".")[0])
            personal = bool(target and (target.shape.meta.personal or target.shape.meta.mask))
            raw = self.reader.raw(error.path, texts)
            found.append(Cell(self.reader.label(error.path), raw, str(error.message), personal))
        return found

    def _refuse(self, one: Read, cells: Sequence[Cell]) -> None:
        self.run.errors += 1
        for part, cell in enumerate(cells[:50]):
            value = (cell.value[:1] + "**" if cell.value else "") if cell.personal else cell.value
            self.faults.append(
                {
                    "row": one.number,
                    "part": part,
                    "column": cell.column[:200],
                    "value": value,
                    "reason": cell.reason[:500],
                }
            )

    def _need(self, one: Read) -> None:
        needs = {"sites": {}, "words": {}, **self.run.needs}
        if one.site is None:
            needs["sites"] = {**needs["sites"], one.site_name: needs["sites"].get(one.site_name, 0) + 1}
        for name, (key, label) in one.missing.items():
            needs["words"] = {**needs["words"], name: {**needs["words"].get(name, {}), key: label}}
        if one.site is None or one.missing:
            self.run.needs = needs

    def _origin(self, one: Read, record: UUID) -> None:
        self.origins.append(
            {
                "record_kind": self.resource.kind, "source": self.mapping.source, "key": one.key,
                "record_id": record, "run_id": self.run.id, "row": one.number, "digest": one.digest,
            }
        )  # fmt: skip

    def _write(self) -> None:
        session = self.x.session
        key = ("record_kind", "source", "key")
        insert_rows(session, Origin.__table__, self.origins, key=key)
        if self.faults:
            had = session.scalar(sa.select(sa.func.count()).select_from(Fault).where(Fault.run_id == self.run.id)) or 0
            kept = [{"run_id": self.run.id, **one} for one in self.faults[: max(0, MOST_FAULTS - had)]]
            insert_rows(session, Fault.__table__, kept)


__all__ = ["Block", "Work", "advance", "job"]
