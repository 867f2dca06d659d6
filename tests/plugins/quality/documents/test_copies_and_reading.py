"""Paper copies to their end, readings of those who must, forms that keep their revision, closed sites."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid
from dougong.tenancy.tables import Site
from dougong_quality.documents.choices import CopyState, FormStanding
from dougong_quality.documents.records import Copy, Document, FormRecord, Reading, Revision

from .conftest import AGENT, ENGINEER, GM, MANAGER, QUALITY, TECHNICIAN, World


def test_making_a_revision_current_recalls_each_copy_of_the_former(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "distribute", holder="消防控制室")
    world.do(QUALITY, Document, d.id, "distribute", holder_id=world.id(MANAGER), held_at=str(world.company.sites["n1"]))
    first, second = world.all(Copy)
    assert (first.number, second.number) == (f"{d.number}#01", f"{d.number}#02")
    world.release(world.draft(d.id).id)
    first, second = world.all(Copy)
    assert {first.status, second.status} == {CopyState.RECALL}
    assert first.recall_by is not None
    assert "A/1" in (first.recall_why or "")
    assert world.do(QUALITY, Copy, first.id, "take_back").status is CopyState.RETURNED
    world.clock.through(days=20)
    assert world.see(Copy, second.id).recall_late
    assert world.do(QUALITY, Copy, second.id, "lose", reason="搬家时遗失").status is CopyState.LOST
    assert len(world.all(Copy)) == 2  # an obsolete one is not replaced
    kept = world.do(QUALITY, Copy, first.id, "keep", reason="供追溯")
    assert kept.status is CopyState.KEPT
    with pytest.raises(Conflict):
        world.edit(QUALITY, Copy, kept.id, holder="别处")


def test_a_lost_copy_is_replaced_under_a_new_number(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "distribute", holder="电梯机房")
    lost = world.all(Copy)[0]
    with pytest.raises(Invalid):
        world.do(QUALITY, Copy, lost.id, "lose")
    world.do(QUALITY, Copy, lost.id, "lose", reason="水浸")
    new = world.all(Copy)[1]
    assert (new.copy_no, new.holder, new.replaces_id) == (2, "电梯机房", lost.id)
    with pytest.raises(Conflict):
        world.do(QUALITY, Copy, new.id, "keep", reason="还在用")


def test_a_copy_that_is_not_wanted_any_more_is_destroyed(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "distribute", holder="门岗")
    copy = world.all(Copy)[0]
    with pytest.raises(Conflict):  # what is in use is taken back first
        world.do(QUALITY, Copy, copy.id, "destroy", reason="多余")
    world.do(QUALITY, Copy, copy.id, "take_back")
    assert world.do(QUALITY, Copy, copy.id, "destroy", reason="多余").status is CopyState.DESTROYED


@pytest.mark.parametrize(("body", "path"), [({}, "holder"), ({"document": "没有"}, "document")])
def test_copies_that_cannot_be(world: World, body: dict[str, str], path: str) -> None:
    d = world.in_force()
    with pytest.raises(Invalid) as refused:
        world.make(Copy, **{"document": d.number, **body})
    assert refused.value.errors[0].path == path
    with pytest.raises(Invalid):
        world.make(Copy, document=world.document().number, holder="无现行版本")


def test_copies_at_a_closed_site_are_recalled(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "distribute", holder="门岗", held_at=str(world.company.sites["n2"]))
    with world.company.session() as session:
        session.execute(sa.update(Site).where(Site.id == world.company.sites["n2"]).values(active=False))
    world.clock.through(days=2)
    found = world.all(Copy)[0]
    assert found.status is CopyState.RECALL
    assert found.recall_why


def test_where_copies_are_is_seen_by_their_holders_and_those_who_oversee(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "distribute", holder_id=world.id(TECHNICIAN))
    copy = world.all(Copy)[0]
    assert [n for n in (AGENT, TECHNICIAN, GM, QUALITY, ENGINEER) if world.sees(n, Copy, copy.id)] == [TECHNICIAN, GM, QUALITY]


# ---- reading ----


def test_who_must_read_does_so_within_seven_days(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "choose_readers", readers="service_agent\ntechnician")
    people = world.company.people
    held = {name for name in people if name.startswith(("service_agent", "technician"))}
    assert world.readers(d.id) == dict.fromkeys(held, "open")
    mine = next(r for r in world.all(Reading) if str(r.person_id) == world.id(AGENT))
    with pytest.raises(Conflict):
        world.do(QUALITY, Reading, mine.id, "acknowledge")  # for oneself only
    with pytest.raises(Forbidden):
        world.do(AGENT, Reading, mine.id, "excuse", reason="不想读")
    world.clock.through(days=3)
    done = world.do(AGENT, Reading, mine.id, "acknowledge")
    assert (done.status.value, done.read_late) == ("read", False)
    world.clock.through(days=5)
    assert {r.read_late for r in world.all(Reading) if r.id != mine.id} == {True}


def test_a_new_revision_is_read_anew_and_the_old_need_not_be(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "choose_readers", readers="quality")
    world.release(world.draft(d.id).id)
    assert [(r.revision, r.status.value) for r in world.all(Reading)] == [("A/0", "dropped"), ("A/1", "open")]


def test_new_staff_get_what_they_must_read(world: World) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "choose_readers", readers="control_room")
    before = set(world.readers(d.id))
    world.company.add_person("newcomer", ("control_room", "n1"))
    world.clock.through(days=2)
    assert set(world.readers(d.id)) - before == {"newcomer"}


def test_only_posts_of_the_company_read(world: World) -> None:
    d = world.in_force()
    with pytest.raises(Invalid) as refused:
        world.do(QUALITY, Document, d.id, "choose_readers", readers="quality\nstranger")
    assert refused.value.errors[0].path == "readers"
    with pytest.raises(Invalid):
        world.do(QUALITY, Document, d.id, "map_clauses", answers="9001:2015 99.9")
    mapped = world.do(QUALITY, Document, d.id, "map_clauses", answers=" 9001:2015  7.5.3\n\n14001:2015 7.5.3\n9001:2015 7.5.3")
    assert mapped.answers == "9001:2015 7.5.3\n14001:2015 7.5.3"


# ---- forms ----


def test_a_record_keeps_its_forms_revision_and_says_when_it_was_an_old_one(world: World) -> None:
    procedure = world.in_force()
    form = world.in_force(level="form", title="巡查记录", above=procedure.number)
    body = {"title": "11 月第一周巡查", "made_on": world.day()}
    first = world.make(FormRecord, AGENT, "n1", form=form.number, **body)
    assert (first.revision, first.standing) == ("A/0", FormStanding.CURRENT)
    world.release(world.draft(form.id).id)
    assert world.see(FormRecord, first.id).revision == "A/0"  # pinned
    old = world.make(FormRecord, AGENT, "n1", form=form.number, revision="A/0", **body)
    assert (old.revision, old.standing) == ("A/0", FormStanding.OLD)
    assert world.make(FormRecord, AGENT, "n1", form=form.number, **body).revision == "A/1"
    for wrong, path in (({"form": procedure.number}, "form"), ({"form": form.number, "revision": "C/3"}, "revision")):
        with pytest.raises(Invalid) as refused:
            world.make(FormRecord, AGENT, "n1", **body, **wrong)
        assert refused.value.errors[0].path == path


def test_two_companies_know_nothing_of_each_other(world: World, other_company: object) -> None:
    d = world.in_force()
    with other_company.acting("quality", "quality") as x:  # type: ignore[attr-defined]
        assert x.session.scalar(x.readable(Document).where(Document.id == d.id)) is None
        with pytest.raises(Invalid):
            x.submit(Revision, other_company.sites[other_company.slug], {"document": d.number, "change": "偷改"})  # type: ignore[attr-defined]
