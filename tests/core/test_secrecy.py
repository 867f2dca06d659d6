"""The suite about secrecy finds what it is there to find: each test opens one way to guarded values and expects it to be seen."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from dougong.plugins.registry import Registry
from dougong.records import journal
from dougong.testing import secrecy
from dougong.testing.clients import Running
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong.testing.secrecy import Planted
from dougong.testing.server import Database
from dougong.web import rights, telling
from dougong_exchange import exporting
from dougong_notify.records import Notice

BODY = {
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "category": "water_leak",
    "location": "3 号楼 2 单元 1801",
    "statement": "卫生间顶棚渗水",
    "severity": "minor",
    "urgency": "normal",
}


class Suite(Conformance):
    module = "complaints"
    bodies = {"complaints.complaint": BODY}


_KEPT = {name: getattr(Conformance, name) for name in dir(Conformance) if name.startswith("test_")}


class TestLeaks(Suite):
    """Inherits the suite's fixtures; of its tests only those below run."""

    locals().update(dict.fromkeys(_KEPT))

    @pytest.mark.parametrize("way", ["a masked value is open", "a told value is open", "an export opens"])
    def test_an_open_way_is_seen(
        self,
        company: Company,
        platform: Running,
        planted: list[Planted],
        registry: Registry,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
        way: str,
    ) -> None:
        monkeypatch.setattr(secrecy, "PAGES", 6)
        if way == "a masked value is open":
            for module in _users_of("seen", rights):
                monkeypatch.setattr(module, "seen", lambda *_a: rights.OPEN)
        elif way == "a told value is open":
            monkeypatch.setattr(telling, "_open", lambda *_a: True)
            with pytest.raises(AssertionError, match="told: "):
                _KEPT["test_no_guarded_value_is_told_or_kept_elsewhere"](self, company, planted, registry, database)
            return
        else:
            monkeypatch.setattr(exporting, "seen", lambda _x, _shape, value, *_a: value)
        with pytest.raises(AssertionError, match="complainant is on"):
            _KEPT["test_no_guarded_value_is_on_a_page_or_in_an_answer"](self, company, platform, planted)

    def test_a_right_that_nobody_asks_is_seen(
        self, company: Company, platform: Running, planted: list[Planted], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in _users_of("revealable", rights):
            monkeypatch.setattr(module, "revealable", lambda *_a: True)
        with pytest.raises(AssertionError, match="is revealed"):
            _KEPT["test_a_guarded_field_is_no_way_to_ask"](self, company, platform, planted)

    def test_a_copy_elsewhere_is_seen(
        self, company: Company, planted: list[Planted], registry: Registry, database: Database
    ) -> None:
        with company.acting(None, "complaints") as x:
            journal.watch(x)
            text = planted[0].values["complainant"][0]
            site = company.sites["n1"]
            x.session.add(
                Notice(event="e", record_kind="k", record_id=planted[0].id, site_id=site, facts={"who": text})
            )
        with pytest.raises(AssertionError, match=r"notify\.notice keeps complainant"):
            _KEPT["test_no_guarded_value_is_told_or_kept_elsewhere"](self, company, planted, registry, database)


def _users_of(name: str, home: Any) -> list[Any]:
    """Loaded modules of the platform that took the function by its name."""
    meant = getattr(home, name)
    return [m for n, m in sys.modules.items() if n.startswith("dougong") and getattr(m, name, None) is meant]
