"""Many records: a list as a table, forms and labels of chosen ones, in the background where they are many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from dougong import JobContext, new_id
from dougong_papers import prints
from dougong_papers.records import Print

from .conftest import COMPLAINTS, World, pages, words

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_a_list_is_a_table_of_what_its_reader_sees(world: World) -> None:
    world.complain(statement="甲处渗水")
    world.complain(statement="乙处渗水", category="noise")
    answer = world.pdf("list.pdf?tab=all")
    text = words(answer)
    assert "甲处渗水" in text
    assert "共2行" in text
    assert "13800005678" not in text
    filtered = words(world.pdf("list.pdf?tab=all&category=water_leak"))
    assert "甲处渗水" in filtered
    assert "乙处渗水" not in filtered
    assert world.pdf("list.pdf?nothing=1").status_code in (400, 422)
    assert "甲处渗水" not in words(world.pdf("list.pdf?tab=all", "service_lead_s1"))


def test_forms_of_several_records_count_their_own_pages(world: World) -> None:
    ids = [world.complain(statement=f"第{n}件") for n in range(3)]
    answer = world.pdf("forms.pdf?" + "&".join(f"id={id}" for id in ids))
    found = pages(answer)
    assert len(found) == 3
    for n, text in enumerate(found):
        assert f"第{n}件" in text
        assert "第1页/共1页" in text


def test_labels_on_every_sheet(world: World) -> None:
    ids = [world.complain(statement="顶棚渗水") for _n in range(2)]
    for sheet in ("24", "14", "8", "2"):
        text = words(world.pdf(f"labels.pdf?sheet={sheet}&" + "&".join(f"id={id}" for id in ids)))
        assert text.count("顶棚渗水") == 2
        assert "n1" in text
    assert world.pdf(f"labels.pdf?sheet=7&id={ids[0]}").status_code == 400
    assert world.pdf("labels.pdf").status_code == 400
    assert world.pdf("labels.pdf?id=x").status_code == 400
    other_site = world.pdf(f"labels.pdf?id={ids[0]}", "service_lead_s1")
    assert other_site.status_code == 404


def test_the_page_of_a_code(world: World) -> None:
    id = world.complain(statement="<script>alert(1)</script>")
    answer = world.pdf(f"{id}/label")
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert "<script>alert(1)" not in answer.text
    assert f"{COMPLAINTS}/{id}</a>" in answer.text
    assert world.pdf(f"{id}/label", "service_lead_s1").status_code == 404


def test_the_ways_stand_on_the_pages(world: World) -> None:
    id = world.complain()
    browser = world.platform.browser(world.company, "service_lead_n1")
    record = browser.get(f"{COMPLAINTS}/{id}").text
    assert f'href="/papers{COMPLAINTS}/{id}.pdf"' in record
    assert f'href="/papers{COMPLAINTS}/{id}/label"' in record
    listed = browser.get(f"{COMPLAINTS}?tab=all").text
    assert f"/papers{COMPLAINTS}/list.pdf?tab=all" in listed
    assert f'formaction="/papers{COMPLAINTS}/chosen?tab=all"' in listed


def test_chosen_records_are_printed(world: World) -> None:
    ids = [world.complain(statement=f"第{n}件") for n in range(2)]
    browser = world.platform.browser(world.company, "service_lead_n1")
    browser.get(f"{COMPLAINTS}?tab=all")
    asked = browser.post(f"/papers{COMPLAINTS}/chosen", {"id": ids})
    assert asked.status_code == 200
    hidden = re.search(r'name="ids" value="([^"]+)"', asked.text)
    assert hidden
    made = browser.post(f"/papers{COMPLAINTS}/print", {"ids": hidden[1], "what": "forms", "sheet": "24"})
    assert "第0件" in words(made)
    labels = browser.post(f"/papers{COMPLAINTS}/print", {"ids": hidden[1], "what": "labels", "sheet": "8"})
    assert "第1件" in words(labels)
    everything = browser.post(f"/papers{COMPLAINTS}/chosen?tab=all", {"all": "1"})
    assert everything.text.count(ids[0]) == 1
    for wrong in ({}, {"id": "x"}):
        assert browser.post(f"/papers{COMPLAINTS}/chosen", wrong).status_code == 400
    for wrong in ({"ids": ids[0]}, {"ids": ids[0], "what": "x"}, {"ids": ids[0], "what": "labels", "sheet": "x"}):
        assert browser.post(f"/papers{COMPLAINTS}/print", wrong).status_code == 400


def test_many_are_made_in_the_background_with_the_rights_of_who_asked(world: World) -> None:
    world.company.settings("papers", at_once=1)
    ids = [world.complain(statement=f"第{n}件") for n in range(2)]
    assert world.pdf("forms.pdf?" + "&".join(f"id={id}" for id in ids)).status_code == 422
    browser = world.platform.browser(world.company, "service_lead_n1")
    browser.get(f"{COMPLAINTS}?tab=all")
    sent = browser.post(f"/papers{COMPLAINTS}/print", {"ids": ",".join(ids), "what": "forms"})
    assert sent.status_code == 303
    id = sent.headers["location"].rpartition("/")[2]
    with world.company.acting(None, "papers") as x:
        x.store = world.platform.application.files
        prints.job(JobContext(1, prints.MAKE, world.company.tenant, 1, x), x.get(Print, UUID(id)).id)
    shown = browser.get(f"/papers/print/{id}").text
    assert ".pdf" in shown
    file = re.search(rf'href="(/papers/print/{id}/files/[^"/]+)"', shown)
    assert file
    assert "第1件" in words(browser.get(file[1]))
    assert world.platform.browser(world.company, "project_manager_n1").get(f"/papers/print/{id}").status_code == 404


def test_too_many_at_once_are_refused(world: World) -> None:
    browser = world.platform.browser(world.company, "service_lead_n1")
    browser.get(f"{COMPLAINTS}?tab=all")
    ids = ",".join(str(new_id()) for _n in range(501))
    assert browser.post(f"/papers{COMPLAINTS}/print", {"ids": ids, "what": "labels"}).status_code == 422


def test_another_company_prints_none_of_it(world: World, other_company: Company) -> None:
    id = world.complain(statement="第0件")
    theirs = world.platform.browser(other_company, "service_lead_n1")
    assert theirs.get(f"/papers{COMPLAINTS}/forms.pdf?id={id}").status_code == 404
    assert "第0件" not in words(theirs.get(f"/papers{COMPLAINTS}/list.pdf?tab=all"))
