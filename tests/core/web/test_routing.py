"""The table of addresses: fixed before named, 405 with what is allowed, nothing found is None."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.web.routing import Route, Routes


async def one(asked: Any) -> Any: ...


async def two(asked: Any) -> Any: ...


TABLE = Routes(
    [
        Route("GET", "/", one),
        Route("GET", "/c/x", one),
        Route("POST", "/c/x", two),
        Route("GET", "/c/x/new", two),
        Route("GET", "/c/x/{id}", one),
        Route("PATCH", "/c/x/{id}", two),
        Route("GET", "/c/x/{id}/do/{name}", two),
        Route("GET", "/c/{rest...}", two),
    ]
)


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("/", "/", {}),
        ("/c/x", "/c/x", {}),
        ("/c/x/new", "/c/x/new", {}),
        ("/c/x/7", "/c/x/{id}", {"id": "7"}),
        ("/c/x/7/do/close", "/c/x/{id}/do/{name}", {"id": "7", "name": "close"}),
        ("/c/x/new/do/close", "/c/x/{id}/do/{name}", {"id": "new", "name": "close"}),
        ("/c/y/z/q", "/c/{rest...}", {"rest": "y/z/q"}),
        ("/c/x/7/unknown", "/c/{rest...}", {"rest": "x/7/unknown"}),
    ],
)
def test_found(path: str, pattern: str, params: dict[str, str]) -> None:
    found = TABLE.find("GET", path)
    assert found is not None
    assert found.route is not None
    assert (found.route.pattern, found.params) == (pattern, params)


@pytest.mark.parametrize("path", ["", "//", "/d", "/c", "/c/", "/x/c"])
def test_nothing(path: str) -> None:
    assert TABLE.find("GET", path) is None


def test_other_methods_are_named() -> None:
    found = TABLE.find("DELETE", "/c/x/7")
    assert found is not None
    assert found.route is None
    assert found.allowed == ("GET", "HEAD", "PATCH")


def test_head_is_answered_by_get() -> None:
    found = TABLE.find("HEAD", "/c/x")
    assert found is not None
    assert found.route is not None


def test_two_routes_for_one_address_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two routes for GET /a"):
        Routes([Route("GET", "/a/{id}", one), Route("GET", "/a/{id}", two)])
