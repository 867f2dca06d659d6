"""The description of the API: valid OpenAPI 3.1, of this company's modules only, in the reader's language."""

from __future__ import annotations

import pytest
from dougong.words import translate

from .conftest import World


def test_it_is_valid_and_speaks_the_readers_language(world: World) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    api = world.api("director")
    titles = []
    for language in ("zh", "en"):
        spec = api.get("/api/v1/openapi.json", headers={"accept-language": language}).json()
        validator.validate(spec)
        titles.append(spec["components"]["schemas"]["Thing"]["properties"]["site_id"]["title"])
    assert titles == [translate("Site", "dougong", "zh"), "Site"]
    assert "/api/v1/sample/thing/{id}/transitions/hold" in spec["paths"]
    colour = spec["components"]["schemas"]["Thing"]["properties"]["colour"]
    assert {"const": "red", "title": "Red"} in colour["oneOf"]


def test_another_company_sees_its_own_modules(world: World) -> None:
    paths = world.api("manager", world.jinxiu).get("/api/v1/openapi.json").json()["paths"]
    assert not [path for path in paths if "/sample/" in path]


def test_every_parameter_of_a_list_is_described(world: World) -> None:
    api = world.api("director")
    parameters = api.get("/api/v1/openapi.json").json()["paths"]["/api/v1/sample/thing"]["get"]["parameters"]
    known = api.get("/api/v1/sample/thing", params={"no": "1"}).json()["detail"]
    for parameter in parameters:
        assert parameter["name"] in known
    assert {"day.from", "day.to", "colour", "urgent", "tab", "q"} <= {p["name"] for p in parameters}
