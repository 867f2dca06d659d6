"""The page of rules, their settings over the API, and what they may not be."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import FIND, MEND, RULE, World, text

PATH = "/admin/follow-ups"


def test_a_rule_is_added_and_taken_away(world: World) -> None:
    admin = world.browser("admin")
    form = admin.get(f"{PATH}/new").text
    assert 'value="finds.find grave"' in form
    assert 'value="finds.find "' in form
    sent = {"what": "finds.find grave", "opens": "mends.mend", "mode": "open"}
    assert admin.post(f"{PATH}/new", sent).status_code == 303
    page = admin.get(PATH).text
    assert "A find：Grave → Mend" in text(page)
    world.find()
    assert len(world.all(MEND)) == 1
    assert admin.post(f"{PATH}/new", {**sent, "mode": "offer"}).status_code == 303
    (rule,) = world.company.snapshot.settings("core").follow_ups
    assert rule.mode == "offer"
    address = page.partition(f'action="{PATH}/')[2].partition('"')[0]
    assert admin.post(f"{PATH}/{address}").status_code == 303
    assert world.company.snapshot.settings("core").follow_ups == ()
    assert admin.post(f"{PATH}/{address}").status_code == 404


def test_a_resting_rule_is_kept_and_shown(world: World) -> None:
    world.rules(RULE, {"trigger": "nobody.knows", "opens": "mends.mend"}, {**RULE, "value": "gone"})
    world.company.switch("mends", False)
    admin = world.browser("admin")
    page = text(admin.get(PATH).text)
    assert "“Mends”已停用" in page
    assert "“nobody.knows”" in page
    assert len(world.company.snapshot.settings("core").follow_ups) == 3
    assert "mends.mend" not in admin.get(f"{PATH}/new").text
    world.company.switch("mends", True)
    page = text(admin.get(PATH).text)
    assert "“Mends”已停用" not in page
    assert "该取值已不存在" in page


@pytest.mark.parametrize(
    "sent",
    [{}, {"what": "x", "opens": "y", "mode": "z"}, {"what": "finds.find nothing", "opens": "mends.mend", "mode": "open"},
     {"what": "finds.find grave", "opens": "mends.mend", "mode": "at once"}],
)  # fmt: skip
def test_the_form_takes_what_it_offers(world: World, sent: dict[str, str]) -> None:
    admin = world.browser("admin")
    admin.get(f"{PATH}/new")
    assert admin.post(f"{PATH}/new", sent).status_code == 422
    assert world.company.snapshot.settings("core").follow_ups == ()


@pytest.mark.parametrize(
    "rules",
    ["x", [1], [{}], [{"trigger": "finds", "opens": "mends.mend"}], [RULE, RULE], [{**RULE, "mode": "x"}],
     [{**RULE, "more": 1}], [{**RULE, "value": "v" * 81}], [{**RULE, "value": str(n)} for n in range(101)]],
)  # fmt: skip
def test_the_api_says_what_is_wrong(world: World, rules: Any) -> None:
    answer = world.program("admin").api("PATCH", "/core/settings/core", {"follow_ups": rules})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"].startswith("follow_ups")


def test_rules_over_the_api_hold_at_once(world: World) -> None:
    answer = world.program("admin").api("PATCH", "/core/settings/core", {"follow_ups": [RULE]})
    assert answer.status_code == 200, answer.text
    world.find()
    assert len(world.all(MEND)) == 1


def test_whoever_may_not_change_settings_sees_no_rules(world: World) -> None:
    assert world.browser().get(PATH).status_code == 404
    assert world.browser().get(f"{PATH}/new").status_code == 404


def test_saving_the_form_of_all_settings_keeps_the_rules(world: World) -> None:
    world.rules(RULE)
    admin = world.browser("admin")
    page = admin.get("/admin/settings/core")
    assert "follow_ups" not in page.text
    assert admin.post("/admin/settings/core", {"brand": "#1c6078", "locale": "zh", "theme": "plain"}).status_code in (
        303,
        422,
    )
    assert len(world.company.snapshot.settings("core").follow_ups) == 1


def test_a_module_off_at_a_site_opens_nothing_there(world: World) -> None:
    from dougong.tenancy.tables import ModuleSite

    world.rules(RULE)
    with world.company.session() as session:
        session.add(ModuleSite(name="mends", site_id=world.company.sites["n1"]))
    try:
        found = world.find()
        assert world.program().api("GET", f"{FIND}/{found['id']}").status_code == 200
    finally:
        with world.company.session() as session:
            session.query(ModuleSite).delete()
    assert world.all(MEND) == []
