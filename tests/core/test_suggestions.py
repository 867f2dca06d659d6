"""What a module suggests to limit a post by holds for all that the post does: nobody limits those who serve a whole site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong.web.admin import words

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry


@pytest.mark.parametrize(
    "post",
    ["general_manager", "property_director", "regional_director", "project_manager", "service_lead", "service_agent",
     "quality", "finance"],
)  # fmt: skip
def test_posts_that_serve_a_whole_site_are_not_limited(registry: Registry, post: str) -> None:
    assert registry.roles[post].relation is None


@pytest.mark.parametrize("post", ["technician", "engineering_lead", "cleaning_lead"])
def test_posts_of_a_trade_are_limited_by_what_every_module_knows(registry: Registry, post: str) -> None:
    assert registry.roles[post].relation == "mine"


def test_no_suggested_right_is_dead_under_the_suggested_limit(registry: Registry) -> None:
    """A grant limited by a relation opens records of those kinds alone that declare it."""
    dead = {
        (slug, name)
        for slug, role in registry.roles.items()
        if role.relation is not None
        for name in role.permissions
        for kind, resource in registry.resources.items()
        if name == f"{kind}.read" and role.relation not in resource.relations
    }
    assert dead == set()


def test_every_limit_is_said_in_words(registry: Registry) -> None:
    """Whoever gives a role reads what it is limited to, and not the name of a rule."""
    names = {name for resource in registry.resources.values() for name in resource.relations}
    bare = str(words.relation("no such", registry)).replace("no such", "{name}")
    assert [name for name in sorted(names) if words.relation(name, registry) == bare.format(name=name)] == []
