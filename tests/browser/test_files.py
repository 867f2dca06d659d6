"""Files and comments in a real browser: chosen, photographed, dropped, pasted, looked at, removed; people mentioned."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from .living import Person
from .test_flow import AGENT, LEAK

if TYPE_CHECKING:
    from .living import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

PUT = """async ([how, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0)), moved = new DataTransfer()
  moved.items.add(new File([bytes], name, { type }))
  const more = { bubbles: true, cancelable: true }
  if (how === 'paste') document.body.dispatchEvent(new ClipboardEvent('paste', { ...more, clipboardData: moved }))
  else document.querySelector('#files').dispatchEvent(new DragEvent('drop', { ...more, dataTransfer: moved }))
}"""


@pytest.fixture(scope="module")
def record(world: World) -> str:
    return world.person(AGENT).register(**LEAK)


@pytest.fixture(autouse=True)
def quiet(world: World) -> None:
    world.said.clear()


def photo(size: tuple[int, int] = (3000, 2000)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def held(name: str, content: bytes, kind: str = "image/jpeg") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def gallery(person: Person) -> list[str]:
    return [text.strip() for text in person.page.locator("#files .tile .name").all_text_contents()]


def test_chosen_pictures_are_made_smaller_and_shown(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    large = photo()
    with agent.page.expect_event("load"):
        agent.page.get_by_label("选择文件").set_input_files(
            [held("现场.jpg", large), held("说明.txt", b"words", "text/plain")]
        )
    assert gallery(agent) == ["现场.jpg", "说明.txt"]
    image = agent.page.locator("#files img").first
    assert image.evaluate("e => e.decode().then(() => e.naturalWidth)") == 480
    files = agent.page.evaluate(f"fetch('/api/v1{record}/files').then(a => a.json())")["results"]
    assert files[0]["width"] == 2000
    assert files[0]["size"] < len(large)
    assert not world.said


def test_dropped_and_pasted_files_are_taken(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    before = len(gallery(agent))
    for number, how in enumerate(("drop", "paste"), 1):
        with agent.page.expect_event("load"):
            agent.page.evaluate(PUT, [how, f"{how}.txt", "text/plain", base64.b64encode(how.encode()).decode()])
        assert len(gallery(agent)) == before + number
    assert {"drop.txt", "paste.txt"} <= set(gallery(agent))
    assert not world.said


def test_what_is_refused_is_said_where_it_was_sent(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    agent.page.get_by_label("选择文件").set_input_files([held("图.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")])
    expect(agent.page.locator(".sending .error")).to_contain_text("不能上传")
    assert "图.svg" not in gallery(agent)


def test_a_picture_is_looked_at_and_closed_by_keys(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    link = agent.page.locator("#files a[data-view]").first
    link.focus()
    agent.page.keyboard.press("Enter")
    box = agent.page.locator("dialog.looking")
    expect(box).to_be_visible()
    assert box.locator("img").evaluate("e => e.decode().then(() => e.naturalWidth)") == 2000
    agent.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(link).to_be_focused()
    assert not world.said


def test_a_colleague_is_mentioned_with_the_keyboard_alone(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    say = agent.page.get_by_label("评论", exact=True).and_(agent.page.locator("textarea"))
    say.focus()
    agent.page.keyboard.type("请 @项目")
    expect(agent.page.get_by_role("option").first).to_contain_text("项目经理")
    agent.page.keyboard.press("Enter")
    assert re.fullmatch(r"请 @项目经理·\S+ ", say.input_value())
    agent.page.keyboard.type("今天上门")
    agent.page.get_by_role("button", name="评论", exact=True).click()
    expect(agent.page.locator("#timeline")).to_contain_text("今天上门")
    assert not world.said


def test_without_a_script_files_are_sent_by_the_form(world: World, record: str) -> None:
    agent = world.person(AGENT, phone=True, java_script_enabled=False)
    agent.goto(record)
    before = len(gallery(agent))
    agent.page.locator("form.upload input[type=file]").first.set_input_files([held("无脚本.jpg", photo((400, 300)))])
    agent.page.get_by_role("button", name="上传", exact=True).click()
    assert len(gallery(agent)) == before + 1
    wide = agent.page.locator("html").bounding_box()
    assert wide is not None
    assert wide["width"] <= 390


def test_a_phone_offers_its_camera(world: World, record: str) -> None:
    agent = world.person(AGENT, phone=True)
    agent.goto(record)
    camera = agent.page.get_by_label("拍照")
    assert camera.get_attribute("capture") == "environment"
    expect(agent.page.locator(".upload .cam")).to_be_visible()
    assert agent.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_file_is_removed_after_being_asked(world: World, record: str) -> None:
    agent = world.person(AGENT)
    agent.goto(record)
    agent.page.get_by_role("button", name=re.compile(r"drop\.txt")).click()
    agent.page.locator("#ask [data-yes]").click()
    agent.page.wait_for_load_state()
    expect(agent.page.locator("#files .tile .name", has_text="drop.txt")).to_have_count(0)
