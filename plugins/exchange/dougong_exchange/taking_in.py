"""The beginning of an import: a file becomes a run with its rows packed away in blocks, and a proposed mapping."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from dougong import Context, Forbidden, Resource, Upload, translator

from . import mapping as mappings
from . import proposing
from .mapping import Mapping
from .records import Block, Fault, Run, Seen
from .settings import MB
from .sources.headings import table
from .sources.refusals import Unreadable
from .targets import IMPORT, Targets

_ = translator("dougong_exchange")

ROWS = 1000  # of a block: what is worked on in one transaction
LONGEST = 4_000_000  # characters of a block
SAMPLES = 5
PackedRow = tuple[int, list[str]]


def take_in(
    x: Context[Any],
    resource: Resource[Any],
    path: Path,
    name: str,
    *,
    mapping: Mapping | None = None,
    upload: Upload | None = None,
) -> Run:
    """Make a run of a file.

    :param name: the file's, as the person calls it. :param mapping: what is said of its columns; None: it is proposed.
    :param upload: attached to the run, so that it can be looked at again.
    :raises Unreadable: the file cannot be taken. :raises Invalid: the mapping does not fit the file.
    :raises Forbidden: nothing of this kind may be imported anywhere by this person.
    """
    if not x.gate.scope(IMPORT).free or not x.gate.scope(resource.permission("create")).free:
        raise Forbidden(_("You may import nothing of this kind."))
    targets = Targets(x, resource)
    found = table(path, targets.known)
    run = x.create(
        Run,
        _home(x),
        file=" ".join(name.split())[:200] or "–",
        target=resource.kind,
        what=str(resource.label)[:200],
        headings=list(found.headings),
        heading_row=found.row,
        signature=found.signature,
        started_by=x.actor,
        token_scope=None if x.gate.only is None else list(x.gate.only),
    )
    run.rows = _pack(x, run.id, found.rows)
    if not run.rows:
        raise Unreadable(_("Below the headings there are no rows."))
    first = next(blocks(x, run.id), [])
    run.samples = [cells for _number, cells in first[:SAMPLES]]
    if mapping is None:
        mapping, run.proposed = proposing.propose(x, targets, found.headings, [cells for _number, cells in first[:200]])
    mappings.fit(mapping, found.headings)
    run.mapping = mapping.model_dump(mode="json", exclude_defaults=True)
    if upload is not None:
        x.attach(run, upload, most=x.settings_of("exchange").upload_mb * MB)
    return run


def _home(x: Context[Any]) -> UUID:
    """The site at which the run stands: the highest at which this person may import."""
    allowed = x.gate.scope(IMPORT).free
    return next(node.id for node in x.snapshot.sites.ordered() if node.id in allowed)


def _pack(x: Context[Any], run: UUID, rows: Iterable[PackedRow]) -> int:
    x.session.flush()
    rest, total = iter(rows), 0
    for number in range(1_000_000):
        some = _some(rest)
        if not some:
            break
        total += len(some)
        content = zlib.compress(msgspec.json.encode(some), 1)
        x.session.execute(
            sa.insert(Block).values(tenant_id=x.tenant, run_id=run, number=number, rows=len(some), content=content)
        )
    return total


def _some(rows: Iterator[PackedRow]) -> list[PackedRow]:
    """The rows of one block: fewer where they are long."""
    found, size = [], 0
    for row in islice(rows, ROWS):
        found.append(row)
        size += sum(map(len, row[1]))
        if size > LONGEST:
            break
    return found


_decode = msgspec.json.Decoder(list[tuple[int, list[str]]]).decode


def block(x: Context[Any], run: UUID, number: int) -> list[PackedRow]:
    """The rows of one block; none after the last."""
    content = x.session.scalar(sa.select(Block.content).where(Block.run_id == run, Block.number == number))
    return _decode(zlib.decompress(content)) if content is not None else []


def blocks(x: Context[Any], run: UUID) -> Iterator[list[PackedRow]]:
    """All blocks in order."""
    number = 0
    while some := block(x, run, number):
        yield some
        number += 1


def clear(x: Context[Any], run: UUID, *, faults: bool = False) -> None:
    """Forget the rows of a run that is over."""
    for kind in (Block, Seen, Fault) if faults else (Block, Seen):
        x.session.execute(sa.delete(kind).where(kind.run_id == run))
