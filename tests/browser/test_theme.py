"""The base theme in a real browser: every page shape, wide and narrow, light and dark, Chinese and English."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Literal

import pytest
from dougong_theme_plain import plugin
from playwright.sync_api import Page

from . import theme_samples
from .serving import Server
from .theme_samples import LOOKS, draw, pages

# pytest-base-url still defines its fixture the old way.
pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

NAMES = sorted(pages("zh"))
KILO = 1024
BRANDS = ("1c6078", "9a3b2f", "f2c200", "00e5ff", "6d28d9", "111111", "ff2d55")
Scheme = Literal["light", "dark"]

# Relative luminance and contrast as WCAG 2 defines them; colours are painted to get sRGB out of any notation.
CONTRAST = """pairs => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const probe = document.body.appendChild(document.createElement('i'))
  const light = name => {
    probe.style.color = `var(${name})`
    pen.fillStyle = getComputedStyle(probe).color
    pen.fillRect(0, 0, 1, 1)
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(v => linear(v / 255))
    return .2126 * r + .7152 * g + .0722 * b
  }
  return pairs.map(([a, b]) => {
    const [x, y] = [light(a), light(b)]
    return (Math.max(x, y) + .05) / (Math.min(x, y) + .05)
  })
}"""
GROUNDS = ("--color-canvas", "--color-surface", "--color-raised", "--color-sunken")
TEXTS = ("--color-text", "--color-text-2", "--color-text-3", "--color-brand-text")
MEANINGS = ("good", "warn", "bad", "info")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_the_plugin_declares_the_theme() -> None:
    theme = plugin.dougong_theme()
    assert (theme.name, theme.package, theme.parent) == ("plain", "dougong_theme_plain", None)
    assert plugin.manifest.kind == "theme"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_pages_carry_nothing_inline_and_nothing_from_elsewhere(name: str, locale: str) -> None:
    html = draw(theme_samples.themes(), name, locale)
    assert not re.findall(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\ssrc=)|javascript:""", html)
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", html)
    posting = re.findall(r'<form[^>]*method="post".*?</form>', html, re.S)
    assert all('name="csrf" value="' in form for form in posting)
    assert len(gzip.compress(html.encode(), 6)) < 20 * KILO


def test_what_a_page_loads_is_light() -> None:
    assets = theme_samples.themes().assets
    sheets = ["tokens", "base", "shell", "parts", "forms", "shapes", "cards"]
    packed = [gzip.compress(assets.text(f"plain/{sheet}.css").encode(), 9) for sheet in sheets]
    assert sum(map(len, packed)) < 16 * KILO
    assert len(gzip.compress(assets.text("plain/print.css").encode(), 9)) < 2 * KILO  # fetched for paper only
    assert len(assets.text("plain/app.js")) < 10 * KILO
    assert len(assets.text("plain/record.js")) < 10 * KILO
    assert len(gzip.compress(assets.text("plain/record.css").encode(), 9)) < 2 * KILO


def test_texts_are_escaped() -> None:
    html = draw(theme_samples.themes(), "list", "zh", site_label="<script>alert(1)</script>", person='"><img src=x>')
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_every_shape_fits_and_is_quiet(page: Page, server: Server, name: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if "//127.0.0.1" not in request.url else None)
    for locale, width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(server.address(name, locale))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} {locale} {width}: {wide} px too wide"
        clipped = page.evaluate(
            "[...document.querySelectorAll('.rows')].map(b => b.scrollWidth - b.clientWidth).filter(n => n > 0)"
        )
        assert clipped == [], f"{name} {locale} {width}: columns are cut"
        assert page.locator("h1:visible").count() == 1
    assert said == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("brand", BRANDS)
def test_contrast_holds_for_any_brand(page: Page, server: Server, brand: str, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(server.address("list", "zh", f"?brand=%23{brand}"))
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(f"--color-{m}", ground) for m in MEANINGS for ground in ("--color-surface", f"--color-{m}-tint")]
    pairs += [
        ("--color-on-brand", "--color-brand"),
        ("--color-brand-text", "--color-brand-tint-2"),
        ("--color-text-3", "--color-brand-tint"),
    ]
    for pair, ratio in zip(pairs, page.evaluate(CONTRAST, pairs), strict=True):
        assert ratio >= 4.5, f"{pair}: {ratio:.2f}"
    edges = [("--color-control", "--color-surface"), ("--color-control", "--color-canvas")]
    for pair, ratio in zip(edges, page.evaluate(CONTRAST, edges), strict=True):
        assert ratio >= 3, f"{pair}: {ratio:.2f}"


@pytest.mark.browser
def test_appearance_is_the_persons_choice(page: Page, server: Server) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(server.address("home", "zh", "?appearance=dark"))
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.browser
def test_a_transition_opens_as_a_dialog_and_is_a_link_without_scripts(page: Page, server: Server) -> None:
    page.goto(server.address("detail", "zh"))
    page.get_by_role("button", name="发进度").click()
    dialog = page.get_by_role("dialog", name="发进度给投诉人")
    assert dialog.is_visible()
    dialog.get_by_role("button", name="取消").click()
    assert not dialog.is_visible()
    assert page.locator("[data-dialog]").first.get_attribute("href") == "/complaints/complaint/1/do/notify"


@pytest.mark.browser
def test_enter_in_a_dialog_sends_it(page: Page, server: Server) -> None:
    page.goto(server.address("detail", "zh"))
    first = page.locator("#do-notify form button").first
    assert first.evaluate("e => [e.type, e.getAttribute('formmethod'), e.getAttribute('aria-hidden')]") == [
        "submit",
        None,
        "true",
    ]


@pytest.mark.browser
def test_destructive_actions_ask_first(page: Page, server: Server) -> None:
    page.goto(server.address("matrix", "zh"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="收回林晓在安禾花园的项目经理角色").click()
    asked = page.get_by_role("dialog", name="收回林晓在安禾花园的项目经理角色？")
    assert asked.is_visible()
    asked.get_by_role("button", name="取消").click()
    assert sent == []
    page.get_by_role("button", name="收回林晓在安禾花园的项目经理角色").click()
    asked.get_by_role("button", name="收回", exact=True).click()
    page.wait_for_load_state()
    assert [url.partition("/admin")[2] for url in sent] == ["/grants/1/remove"]


@pytest.mark.browser
def test_the_phone_switches_sites_and_reaches_its_menus(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 760})
    page.goto(server.address("list", "zh"))
    page.get_by_role("button", name="切换站点").click()
    page.get_by_label("查找站点").fill("启程")
    assert page.locator("#sites a:visible").all_inner_texts() == ["启程产业园"]
    page.keyboard.press("Escape")  # empties the search
    page.keyboard.press("Escape")
    page.get_by_role("button", name="我", exact=True).click()
    assert page.get_by_role("button", name="退出登录").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="打开菜单").click()
    assert page.get_by_role("link", name="工单").is_visible()


@pytest.mark.browser
def test_filters_work_without_scripts(page: Page, server: Server) -> None:
    bare = page.context.browser
    assert bare is not None
    with bare.new_context(java_script_enabled=False, viewport={"width": 390, "height": 760}) as context:
        plain = context.new_page()
        plain.goto(server.address("list", "zh"))
        assert not plain.locator(".filters details.pick").first.is_visible()
        plain.locator("label.toggle").click()
        plain.locator(".filters details.pick summary").first.click()
        plain.get_by_label("挂起").check()
        plain.get_by_role("button", name="应用").first.click()
        assert re.findall(r"status=(\w+)", plain.url) == ["acc", "doing", "hold"]


@pytest.mark.browser
def test_closing_a_filter_applies_it(page: Page, server: Server) -> None:
    page.goto(server.address("list", "zh"))
    page.locator(".filters details.pick summary").first.click()
    page.get_by_label("挂起").check()
    page.get_by_role("heading", name="投诉台账").click()
    page.wait_for_url("**status=hold**")
    assert "tab=open" in page.url
    assert "q=" not in page.url


@pytest.mark.browser
def test_escape_leaves_a_filter_as_it_was(page: Page, server: Server) -> None:
    page.goto(server.address("list", "zh"))
    page.locator(".filters details.pick summary").first.click()
    page.get_by_label("挂起").check()
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('details.pick[open]')")
    assert "status=" not in page.url
    assert not page.get_by_label("挂起").is_checked()


@pytest.mark.browser
def test_a_draft_outlives_the_page_and_never_holds_the_token(page: Page, server: Server) -> None:
    page.goto(server.address("cards", "zh"))
    page.evaluate("localStorage.clear()")
    page.goto(server.address("form-new", "zh"))
    page.get_by_label("陈述").fill("电梯里有异味，从昨晚开始。")
    page.get_by_text("草稿已存在本机").wait_for()
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "异味" in kept
    assert "0123456789abcdef" not in kept
    page.reload()
    assert page.get_by_label("陈述").input_value() == "电梯里有异味，从昨晚开始。"


@pytest.mark.browser
def test_errors_lead_to_their_fields(page: Page, server: Server) -> None:
    page.goto(server.address("form", "zh"))
    page.get_by_role("alert").get_by_role("link", name="没有选类别").click()
    assert page.url.endswith("#f-category")
    field = page.get_by_label("类别")
    assert field.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{(field.get_attribute('aria-describedby') or '').split()[0]}")
    assert "请选择类别" in described.inner_text()


@pytest.mark.browser
def test_rows_are_chosen_in_bulk_on_the_phone_too(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 760})
    page.goto(server.address("bulk", "zh"))
    bar = page.get_by_role("region", name="对勾选的")
    assert not bar.is_visible()
    page.get_by_label("勾选 TS-2026-000418").check()
    page.get_by_label("勾选 TS-2026-000409").check()
    assert "已选 2 件" in bar.inner_text()


@pytest.mark.browser
def test_paper_shows_exact_times(page: Page, server: Server) -> None:
    page.goto(server.address("detail", "zh"))
    page.emulate_media(media="print")
    clock = page.locator(".clocks .clock").first
    assert clock.locator(".sr").evaluate("e => getComputedStyle(e).position") == "static"
    assert clock.evaluate("e => getComputedStyle(e).fontSize") == "0px"
    assert page.locator(".form-no").is_visible()
    assert not page.locator(".nav").is_visible()
