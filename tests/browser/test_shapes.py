"""Every page shape as it is served: {wide, phone} × {Chinese, English} × {light, dark}.

Fits its window, says nothing in the console, names what can be pressed, has one heading, speaks one language, is light.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from babel.messages.pofile import read_po
from dougong.plugins.loader import load
from playwright.sync_api import Page

from .living import ANHE, COMPLAINTS, World
from .test_flow import LEAK

if TYPE_CHECKING:
    from playwright.sync_api import Response

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

Scheme = Literal["light", "dark"]
KILO = 1024
PAGE, CSS, JS = 60 * KILO, 40 * KILO, 30 * KILO
AGENT, LEAD, ADMIN = "kf.huayuan", "kfzg.huayuan", "admin"
NOBODY = f"{COMPLAINTS}/0190aaaa-0000-7000-8000-000000000000"
# shape: (whose browser, address); {case} is a complaint that this test made
SHAPES: dict[str, tuple[str, str]] = {
    "home": (AGENT, "/"),
    "list": (LEAD, f"{COMPLAINTS}?tab=all"),
    "list-empty": (LEAD, f"{COMPLAINTS}?tab=all&q=nothing-like-this"),
    "detail": (LEAD, "{case}"),
    "form": (AGENT, f"{COMPLAINTS}/new"),
    "edit": (LEAD, "{case}/edit"),
    "step": (LEAD, "{case}/do/escalate"),
    "explain-step": (LEAD, "{case}/explain?action=close"),
    "missing": (AGENT, NOBODY),
    "account": (AGENT, "/account"),
    "admin": (ADMIN, "/admin"),
    "people": (ADMIN, "/admin/people"),
    "matrix": (ADMIN, "/admin/grants"),
    "roles": (ADMIN, "/admin/roles"),
    "modules": (ADMIN, "/admin/modules"),
    "settings": (ADMIN, "/admin/settings"),
    "settings-module": (ADMIN, "/admin/settings/complaints"),
    "sites": (ADMIN, "/admin/sites"),
    "history": (ADMIN, "/admin/history"),
    "explain": (ADMIN, "/explain"),
    # around every list and record
    "search": (LEAD, "/search?q=渗水"),
    "filters": (LEAD, f"{COMPLAINTS}/filters"),
    "columns": (LEAD, f"{COMPLAINTS}/columns"),
    "view": (LEAD, f"{COMPLAINTS}/views/new?tab=all"),
    "board": (LEAD, f"{COMPLAINTS}/board"),
    "calendar": (LEAD, f"{COMPLAINTS}/calendar"),
    "own-fields": (ADMIN, "/admin/fields"),
    "own-field": (ADMIN, "/admin/fields/new/complaints.complaint"),
    # of the modules that serve all
    "import": (LEAD, "/exchange/import/of/complaints.complaint"),
    "imports": (LEAD, "/exchange/run"),
    "export": (LEAD, "/exchange/out/complaints.complaint"),
    "reports": (LEAD, "/reports"),
    "report": (LEAD, "/reports/complaints/handling"),
    "inbox": (LEAD, "/notify/inbox"),
    "preferences": (LEAD, "/notify/preferences"),
    "templates": (ADMIN, "/notify/templates"),
    "robot": (ADMIN, "/notify/robots/new"),
    "webhook": (ADMIN, "/webhooks/subscription/new"),
    "feeds": (LEAD, "/feeds"),
    "codes": (LEAD, "/intake/codes/new"),
    "to-be-checked": (LEAD, "/intake/submission"),
}
PHONE = 390
SENTENCE = re.compile(
    r"(?!Dougong$|English$|Chrome|Asia/|Apache)[A-Z][a-z]{2,}[a-z ,:;()“”’-]*[.…]?"
)  # of plain English words only
LOOKS: list[tuple[int, Scheme]] = [(width, scheme) for width in (1280, PHONE) for scheme in ("light", "dark")]
ROOT = Path(__file__).resolve().parents[2]
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
LANGUAGES = {"zh": "zh-Hans", "en": "en"}

# What is visible, without what people typed and without what is marked as another language.
WORDS = """() => {
  const found = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; (node = walk.nextNode());) {
    const at = node.parentElement
    if (at.closest('[lang]:not(html), script, style, textarea, code, kbd, svg')) continue
    if (at.closest('[hidden]')) continue
    found.push(node.data.trim())
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    if (!e.closest('[lang]:not(html)')) found.push(...['aria-label', 'placeholder', 'title'].map(a => e.getAttribute(a)))
  return found.filter(Boolean)
}"""
# Buttons, links and inputs that are shown and have no name that a screen reader could say.
NAMELESS = """() => {
  const text = e => (e.getAttribute('aria-label') || e.textContent || e.title || '').trim()
    || [...(e.labels || [])].map(l => l.textContent).join('').trim()
  const bad = [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')]
    .filter(e => !e.closest('[aria-hidden=true], #ask') && !text(e))  // #ask is filled when it opens
  const images = [...document.querySelectorAll('img')].filter(e => !e.hasAttribute('alt'))
  const drawings = [...document.querySelectorAll('svg.i')].filter(e => e.getAttribute('aria-hidden') !== 'true')
  return [...bad, ...images, ...drawings].map(e => e.outerHTML.slice(0, 160))
}"""
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id)
  return ids.filter((id, n) => ids.indexOf(id) !== n)
}"""


@pytest.fixture(scope="module")
def case(world: World) -> str:
    agent, lead = world.person(AGENT), world.person(LEAD)
    made = agent.register(**{**LEAK, "严重程度": "重大"})
    agent.do(made, "发进度", 内容="维修师傅一小时内上门查看", 方式="电话")
    agent.register(**LEAK)
    lead.do(made, "受理")
    return made


@functools.cache
def english() -> frozenset[str]:
    """Sentences and words that Chinese pages must not show: all msgids whose translation differs."""
    found: set[str] = set()
    for package in sorted({one.package for one in load().plugins.values()} | {"dougong"}):
        text = importlib.resources.files(package).joinpath("locale", "zh.po").read_bytes()
        catalogue = read_po(io.BytesIO(text), locale="zh")
        found |= {str(m.id) for m in catalogue if m.id and m.id != m.string and "{" not in m.id}
    found.discard("English")  # a language calls itself by its own name
    return frozenset(one for one in found if len(one) > 3 and re.search("[a-z]", one))


class Watch:
    """What a page loads and complains of, while it is watched."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.answers: list[Response] = []
        self._heard: dict[str, Any] = {
            "console": self._console,
            "pageerror": lambda error: self.said.append(str(error)),
            "response": lambda answer: self.answers.append(answer),
            "request": lambda r: None if ".localhost:" in r.url else self.said.append(f"asks {r.url}"),
        }

    def __enter__(self) -> Watch:
        for event, heard in self._heard.items():
            self.page.on(event, heard)  # type: ignore[call-overload]
        return self

    def __exit__(self, *_error: object) -> None:
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.said.append(message.text)

    def size(self, kind: str) -> int:
        """Bytes as they would travel compressed, of one kind of resource."""
        wanted = {a.url for a in self.answers if a.request.resource_type == kind and a.ok}
        # Asked for once more: the browser forgets the body of what was navigated away from.
        texts = [self.page.evaluate("url => fetch(url).then(answer => answer.text())", url) for url in wanted]
        return sum(len(gzip.compress(text.encode(), 6)) for text in texts)


class Speakers:
    """Who speaks what: a language is the person's own, at all their browsers, so it is only changed when it must be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._now: dict[str, str] = {}

    def page(self, username: str, width: int, locale: str) -> Page:
        page = self.world.person(username, phone=width == PHONE).page
        if self._now.get(username, "zh") != locale:
            page.goto("/")
            page.evaluate("l => document.querySelector(`button[name=locale][value=${l}]`).click()", locale)
            page.wait_for_function("l => document.documentElement.lang === l", arg=LANGUAGES[locale])
            self._now[username] = locale
        return page


@pytest.fixture(scope="module")
def speakers(world: World) -> Speakers:
    return Speakers(world)


def check(page: Page, watch: Watch, locale: str) -> list[str]:
    """Everything that is wrong with the page that is shown."""
    wrong = list(watch.said)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        wrong.append(f"{over} px too wide")
    clipped = page.evaluate(
        "[...document.querySelectorAll('.rows')].map(b => b.scrollWidth - b.clientWidth).filter(n => n > 0)"
    )
    wrong += [f"a list is cut by {n} px" for n in clipped]
    if (headings := page.locator("h1").count()) != 1:
        wrong.append(f"{headings} headings of the first level")
    if (lang := page.evaluate("document.documentElement.lang")) != LANGUAGES[locale]:
        wrong.append(f"says it is {lang}")
    wrong += [f"without a name: {one}" for one in page.evaluate(NAMELESS)]
    wrong += [f"id twice: {one}" for one in page.evaluate(TWICE)]
    if locale == "zh":
        texts = set(page.evaluate(WORDS))
        wrong += [f"English: {one}" for one in sorted(texts) if one in english() or SENTENCE.fullmatch(one)]
    for kind, most in (("document", PAGE), ("stylesheet", CSS), ("script", JS)):
        if (size := watch.size(kind)) > most:
            wrong.append(f"{kind}: {size} bytes")
    return wrong


def wrong_at(page: Page, path: str, look: tuple[int, str, Scheme], status: int = 200) -> list[str]:
    width, locale, scheme = look
    page.emulate_media(color_scheme=scheme)
    with Watch(page) as watch:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        return [f"{width} {locale} {scheme}: {one}" for one in check(page, watch, locale)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_shape(speakers: Speakers, case: str, shape: str, locale: str) -> None:
    username, path = SHAPES[shape]
    wrong: list[str] = []
    for width, scheme in LOOKS:
        page = speakers.page(username, width, locale)
        status = 404 if path == NOBODY else 200
        wrong += wrong_at(page, path.format(case=case), (width, locale, scheme), status)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_at_twice_the_size(speakers: Speakers, case: str, shape: str) -> None:
    """A window of 1280 at 200 % has 640 to show: nothing is cut, nothing scrolls sideways."""
    username, path = SHAPES[shape]
    page = speakers.page(username, 1280, "zh")
    page.set_viewport_size({"width": 640, "height": 400})
    try:
        page.goto(path.format(case=case))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.locator("h1:visible").count() == 1
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("locale", LANGUAGES)
def test_signing_in(world: World, locale: str) -> None:
    wrong: list[str] = []
    for width, scheme in LOOKS:
        with world.context(ANHE, phone=width == PHONE) as context:
            page = context.new_page()
            page.goto("/signin")
            if locale == "en":
                page.get_by_role("button", name="English", exact=True).click()
                page.wait_for_function("document.documentElement.lang === 'en'")
            wrong += wrong_at(page, "/signin", (width, locale, scheme))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_serious_for_axe(speakers: Speakers, case: str, shape: str) -> None:
    """axe-core, where somebody has installed it (``npm install axe-core``): no serious or critical finding."""
    if not AXE.exists():
        pytest.skip(
            "AXE-CORE IS NOT INSTALLED: accessibility is only checked by hand (npm install axe-core, or AXE_CORE=its axe.min.js)"
        )
    username, path = SHAPES[shape]
    found: list[str] = []
    for width, scheme in LOOKS:
        page = speakers.page(username, width, "zh")
        page.emulate_media(color_scheme=scheme)
        page.goto(path.format(case=case))
        page.evaluate(AXE.read_text("utf-8"))  # as a debugger would: the page's own policy lets no foreign script in
        for one in page.evaluate("async () => (await axe.run()).violations"):
            if one["impact"] in ("serious", "critical"):
                places = [node["html"][:160] for node in one["nodes"]][:3]
                found.append(f"{width} {scheme} {one['id']}: {places}")
    assert not found, "\n".join(found)
