"""Settings forms made from models: nested, tables whose rows come and go without a script, errors at the input."""

from __future__ import annotations

import html
import re
from typing import Annotated, Any

import pytest
from dougong import Fen, Lazy, asked
from dougong.tenancy.settings import CoreSettings
from dougong.tenancy.tables import Setting
from dougong.testing import Company
from dougong.testing.clients import Client, Running
from dougong.web.admin import model_form
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

ROW = "categories.lift_entrapment"


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


def filled(answer: Any) -> dict[str, Any]:
    """What a browser would send of the page's settings form."""
    form = re.search(r'<form class="fields.*?</form>', answer.text, re.S)
    assert form
    found: dict[str, Any] = {}
    for tag, attributes in re.findall(r"<(input|textarea|select|option)\b([^>]*)>", form[0]):
        name, value = re.search(r'name="([^"]*)"', attributes), re.search(r'value="([^"]*)"', attributes)
        if tag != "input" or not name or ('type="checkbox"' in attributes and "checked" not in attributes):
            continue
        if 'type="radio"' in attributes and "checked" not in attributes:
            continue
        text = html.unescape(value[1]) if value else ""
        held = found.setdefault(name[1], [])
        held.append(text)
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.S):
        found[name_] = [html.unescape(text)]
    for name_, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name_] = [chosen[1] if chosen else ""]
    return found


def stored(company: Company, module: str) -> dict[str, Any]:
    with company.session() as session:
        row = session.get(Setting, (company.tenant, module))
        return dict(row.value) if row else {}


def test_untouched_settings_store_nothing(company: Company, admin: Client) -> None:
    for module in ("core", "complaints"):
        page = admin.get(f"/admin/settings/{module}")
        answer = admin.post(f"/admin/settings/{module}", filled(page))
        assert answer.status_code == 303, re.findall(r'class="error"[^<]*<svg.*?</svg>([^<]*)', answer.text)
        assert stored(company, module) == {}, module


def test_only_what_differs_is_stored_and_a_value_goes_back(company: Company, admin: Client) -> None:
    sent = filled(admin.get("/admin/settings/complaints")) | {"visit_hours": "24"}
    assert admin.post("/admin/settings/complaints", sent).status_code == 303
    assert stored(company, "complaints") == {"visit_hours": 24}
    page = admin.get("/admin/settings/complaints")
    assert 'value="reset:visit_hours"' in page.text
    shown = admin.post("/admin/settings/complaints", filled(page) | {"act": "reset:visit_hours"})
    assert stored(company, "complaints") == {"visit_hours": 24}  # not saved yet
    assert filled(shown)["visit_hours"] == ["48"]
    assert admin.post("/admin/settings/complaints", filled(shown)).status_code == 303
    assert stored(company, "complaints") == {}


def test_rows_come_and_go_without_a_script(company: Company, admin: Client) -> None:
    page = admin.get("/admin/settings/complaints")
    shown = admin.post("/admin/settings/complaints", filled(page) | {"act": "add:categories"})
    assert shown.status_code == 200
    key = next(k for k in filled(shown)["categories.#"] if k.startswith("own_"))
    sent = filled(shown) | {f"categories.{key}.name": "鸟害", f"categories.{key}.hours": "12"}
    sent = filled(admin.post("/admin/settings/complaints", sent | {"act": "remove:categories:noise"}))
    assert sent[f"categories.{key}.name"] == ["鸟害"]
    assert "noise" not in sent["categories.#"]
    assert admin.post("/admin/settings/complaints", sent).status_code == 303
    categories = company.snapshot.settings("complaints").categories  # type: ignore[attr-defined]
    assert categories[key].name == "鸟害"
    assert "noise" not in categories
    assert categories["lift_entrapment"].urgent
    reset = admin.post("/admin/settings/complaints", {"act": "reset"})
    assert "noise" in filled(reset)["categories.#"]


def test_errors_stand_at_their_input(company: Company, admin: Client) -> None:
    sent = filled(admin.get("/admin/settings/complaints"))
    for name, value in (
        ("visit_hours", "many"),
        ("hold_limit", "0"),
        (f"{ROW}.first_contact", "-1"),
        (f"{ROW}.hours", ""),
    ):
        answer = admin.post("/admin/settings/complaints", sent | {name: value})
        assert answer.status_code == 422, name
        assert answer.text.count('aria-invalid="true"') >= 1, name
        assert f'href="#f-{ROW if name.startswith(ROW) else name}' in answer.text
    assert stored(company, "complaints") == {}


def test_the_companys_own(company: Company, admin: Client) -> None:
    sent = filled(admin.get("/admin/settings/core"))
    wrong = admin.post("/admin/settings/core", sent | {"calendar.monday": "8 to 5", "brand": "red"})
    assert wrong.status_code == 422
    assert 'href="#f-calendar.monday"' in wrong.text
    assert 'href="#f-brand"' in wrong.text
    good = {"brand": "#9a3b2f", "calendar.saturday": "08:30-12:00", "calendar.days_off": "2026-12-31\n2027-01-04"}
    assert admin.post("/admin/settings/core", sent | good).status_code == 303
    assert stored(company, "core")["calendar"] == {"saturday": "08:30-12:00", "days_off": ["2026-12-31", "2027-01-04"]}
    assert "/brand.css?c=9a3b2f" in admin.get("/admin").text
    assert admin.post("/admin/settings/core", sent | {"theme": "nothing"}).status_code == 422
    assert admin.post("/admin/settings/core", sent | {"calendar.days_off": "someday"}).status_code == 422


def test_a_model_goes_into_a_form_and_back() -> None:
    model = CoreSettings(brand="#112233")
    texts = model_form.texts(CoreSettings, model)
    assert CoreSettings.model_validate(model_form.values(CoreSettings, texts)) == model
    assert model_form.act(CoreSettings, "add:nothing", texts, texts) == texts
    assert model_form.act(CoreSettings, "remove:nothing:x", texts, texts)["nothing.#"] == []


class Priced(BaseModel):
    limit: Annotated[Fen, Field(ge=0, le=10**13)] = asked(Lazy("Limit"), default=5_000_000)


@given(st.integers(0, 10**13))
def test_an_amount_is_typed_in_yuan_and_kept_in_fen(fen: int) -> None:
    texts = model_form.texts(Priced, Priced(limit=fen))
    assert Priced.model_validate(model_form.values(Priced, texts)).limit == fen


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("50,000", 5_000_000), ("0.01", 1), ("12.3", 1_230), ("12.345", None), ("many", None), ("", None), ("-1", None)],
)
def test_amounts_as_people_type_them(typed: str, kept: int | None) -> None:
    body = model_form.values(Priced, {"limit": [typed]})
    if kept is None:
        with pytest.raises(ValidationError):
            Priced.model_validate(body)
    else:
        assert Priced.model_validate(body).limit == kept


def test_an_amount_says_its_unit() -> None:
    texts = model_form.texts(Priced, Priced())
    (section,) = model_form.sections(Priced, texts, texts)
    assert [(one.value, one.unit) for one in section.inputs] == [("50000", "元")]
