"""Setting: whatever people write is printed as they wrote it, bounded in time, and reads nothing from the machine."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import pytest
from dougong import Conflict
from dougong_papers import press as pressing
from dougong_papers.fonts import font
from dougong_papers.press import press
from dougong_papers.words import fit, tidy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

DATA: dict[str, Any] = {
    "title": "列表", "company": "安和物业", "lang": "zh", "logo": "", "watermark": "", "foot": "打印", "left": "", "right": "",
    "pages": "第 {page} 页 / 共 {pages} 页", "columns": [{"label": "内容", "width": 1, "number": False}],
}  # fmt: skip
PIECES = ["#", "{{7*7}}", "\\", "$", "*", "_", "`", "<end>", "@a", "[", "]", "//", "/*", '"', "#read(\"/etc/passwd\")", "\u202e",
          "\x00", "\ud800", "水", "a" * 200, "\n", "=", "- ", "~", "---", "\U0001f600", "\u0600", "#panic()"]  # fmt: skip


def needs_font() -> None:
    if font() is None:
        pytest.skip("THERE IS NO CHINESE FONT HERE (fonts-noto-cjk): nothing can be printed")


def read(body: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).replace("\u200b", "").split())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=8).map("".join), min_size=1, max_size=30))
def test_nothing_that_people_write_is_code(texts: list[str]) -> None:
    needs_font()
    body = press("list", {**DATA, "rows": [[one] for one in texts]}, {})
    found = read(body)
    assert "root:x:" not in found
    for one in texts:
        if one.isascii() and one.isprintable() and "--" not in one and " " not in one.strip():
            assert "".join(one.split()) in found


def test_quotes_and_dashes_stay_as_they_were_written() -> None:
    needs_font()
    said = "a--b...c'd'\"e\"-?~x"
    assert said in read(press("list", {**DATA, "rows": [[said]]}, {}))


@given(st.text())
def test_what_is_printed_has_nothing_that_turns_or_controls(text: str) -> None:
    found = tidy(text)
    assert not set(found) & set("\u202e\x00\x07\n\r")
    found.encode()


def test_every_text_is_made_fit() -> None:
    assert fit({"a": ["x\x00", {"b": "y\u202e"}], "n": 1, "t": True}) == {"a": ["x", {"b": "y"}], "n": 1, "t": True}


def test_a_document_that_takes_too_long_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_font()

    def slow(*_args: Any, **_more: Any) -> Any:
        raise subprocess.TimeoutExpired("setter", 1)

    monkeypatch.setattr(pressing.subprocess, "run", slow)
    with pytest.raises(Conflict):
        press("list", {**DATA, "rows": []}, {})


def test_memory_and_time_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_font()
    monkeypatch.setattr(pressing, "SECONDS", 1)
    with pytest.raises(Conflict):
        press("list", {**DATA, "rows": [["水" * 400]] * 40_000}, {})
    assert pressing._turn.acquire(blocking=False)
    pressing._turn.release()


def test_the_setter_knows_nothing_of_its_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_font()
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(command: list[str], **more: Any) -> Any:
        seen.update(more["env"])
        return run(command, **more)

    monkeypatch.setenv("DOUGONG_DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(pressing.subprocess, "run", watched)
    press("list", {**DATA, "rows": [["x"]]}, {})
    assert set(seen) == {"PATH", "HOME", "RAYON_NUM_THREADS", "LANG"}
