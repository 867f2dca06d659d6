"""A file of a revision is as much its content as the text: signatures stand for both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong import Conflict
from dougong.records import journal
from dougong.records.media import Upload
from dougong_quality.documents.choices import State
from dougong_quality.documents.records import Revision

from .conftest import HR, QUALITY, World

if TYPE_CHECKING:
    from dougong.tenancy.stored import Identified


class Files:
    """Files of revisions as somebody puts and takes them."""

    def __init__(self, world: World, folder: Path) -> None:
        from dougong.tenancy.files import Store

        self.world, self.folder, self.store = world, folder, Store(str(folder / "store"))

    def put(self, id: UUID, text: str) -> UUID:
        path = self.folder / "sheet.txt"
        path.write_text(text)
        with self.world.acting(QUALITY) as x:
            x.store = self.store
            made: Identified = x.attach(x.get(Revision, id), Upload.of(path, "sheet.txt"))
            journal.settle(x)
            return made.id

    def take(self, id: UUID) -> None:
        with self.world.acting(QUALITY) as x:
            record: Any = x.get(Revision, id)
            x.detach(record, x.files(record)[0])
            journal.settle(x)

    def names(self, id: UUID) -> int:
        with self.world.acting(None) as x:
            return len(x.files(x.get(Revision, id)))


@pytest.fixture
def files(world: World, tmp_path: Path) -> Files:
    return Files(world, tmp_path)


def test_a_draft_takes_files_and_gives_them_back(world: World, files: Files) -> None:
    r = world.draft(world.document().id)
    files.put(r.id, "第一稿")
    files.take(r.id)
    assert files.names(r.id) == 0


def test_what_is_being_signed_or_in_force_keeps_its_files(world: World, files: Files) -> None:
    r = world.draft(world.document().id)
    files.put(r.id, "会签稿")
    world.do(QUALITY, Revision, r.id, "release_submit")
    for _round in range(2):
        with pytest.raises(Conflict):
            files.put(r.id, "换一份")
        with pytest.raises(Conflict):
            files.take(r.id)
        if world.see(Revision, r.id).status is State.COSIGN:
            assert world.sign(r.id, HR, "finance", "property_director", "general_manager").status is State.CURRENT
    assert files.names(r.id) == 1
