"""Pictures and films lose what was noted in them, are turned upright and made small; bombs and broken ones are refused."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from dougong import Invalid
from dougong.records.media import Upload
from dougong.records.pictures import prepare
from dougong.records.stripping import Broken, strip
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from . import samples


def upload(tmp_path: Path, content: bytes, name: str = "x") -> Upload:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return Upload.of(path, name)


@pytest.mark.parametrize("content", [samples.jpeg(), samples.png(), samples.webp(), samples.gif(), samples.mp4()])
def test_notes_are_gone_and_the_picture_is_not(tmp_path: Path, content: bytes) -> None:
    assert samples.SECRET in content
    one = upload(tmp_path, content)
    ready = prepare(one)
    kept = one.path.read_bytes()
    assert samples.SECRET not in kept
    assert ready.size == one.size == len(kept)
    if one.media_type != "video/mp4":
        with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(kept)) as after:
            assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()  # not a pixel changed
            assert getattr(before, "n_frames", 1) == getattr(after, "n_frames", 1)
            assert (ready.width, ready.height) == after.size
        assert ready.thumb is not None
        assert samples.SECRET not in ready.thumb


def test_a_film_keeps_its_length_and_its_film(tmp_path: Path) -> None:
    content = samples.mp4()
    one = upload(tmp_path, content)
    prepare(one)
    kept = one.path.read_bytes()
    assert len(kept) == len(content)
    assert kept.index(b"film") == content.index(b"film")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    one = upload(tmp_path, samples.jpeg((64, 48), orientation=orientation))
    ready = prepare(one)
    assert (ready.width, ready.height) == ((48, 64) if orientation >= 5 else (64, 48))
    with Image.open(one.path) as image:
        assert image.size == (ready.width, ready.height)
        assert not image.getexif()
    assert samples.SECRET not in one.path.read_bytes()
    with Image.open(io.BytesIO(ready.thumb or b"")) as small:
        assert (small.width < small.height) == (orientation >= 5)


def test_what_the_camera_noted_may_be_kept_but_never_the_place(tmp_path: Path) -> None:
    for orientation in (1, 6):
        one = upload(tmp_path, samples.jpeg(orientation=orientation))
        prepare(one, keep_details=True)
        with Image.open(one.path) as image:
            notes = image.getexif()
            assert notes[0x010F] == "Camera Maker"
            assert notes.get_ifd(0x8769)[0x9003] == "2026:11:22 10:00:00"
            assert not notes.get_ifd(0x8825)
            assert notes.get(0x0112, 1) == 1
        assert samples.SECRET not in one.path.read_bytes()


def test_what_stands_behind_a_picture_is_cut_off(tmp_path: Path) -> None:
    tail = b"PK\x03\x04" + samples.HTML
    for content in (samples.jpeg(extra=tail), samples.png() + tail, samples.gif() + tail):
        one = upload(tmp_path, content)
        prepare(one)
        assert b"alert" not in one.path.read_bytes()


def test_a_large_picture_is_made_small(tmp_path: Path) -> None:
    ready = prepare(upload(tmp_path, samples.jpeg((3000, 2000))))
    assert (ready.width, ready.height) == (3000, 2000)
    with Image.open(io.BytesIO(ready.thumb or b"")) as small:
        assert max(small.size) == 480
        assert len(ready.thumb or b"") < 40_000


def test_large_pictures_that_are_no_jpeg_are_made_small_later(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("L", (4000, 3500)).save(out, "PNG")
    ready = prepare(upload(tmp_path, out.getvalue()))
    assert ready.thumb is None
    assert ready.later


@pytest.mark.parametrize("content", [
    samples.huge_png(), samples.huge_png(200_000, 200_000), samples.jpeg()[:-40], samples.jpeg()[:30],
    samples.png()[:-30], samples.webp()[:-20], samples.gif()[:-10], samples.GIF_SCRIPT, samples.mp4()[:-30],
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP",
])  # fmt: skip
def test_bombs_and_broken_ones_are_refused(tmp_path: Path, content: bytes) -> None:
    one = upload(tmp_path, content, "bad.jpg")
    with pytest.raises(Invalid) as refusal:
        prepare(one)
    assert refusal.value.errors[0].path == "file"
    assert "bad" in str(refusal.value.errors[0].message)


@pytest.mark.filterwarnings("ignore")  # what the decoder thinks of damaged notes
@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000), to=st.integers(0, 255), which=st.sampled_from(range(5)))
@settings(max_examples=150, deadline=None)
def test_damaged_files_are_read_or_refused_but_never_a_fault(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, to: int, which: int
) -> None:
    kind = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4")[which]
    whole = bytearray((samples.jpeg, samples.png, samples.webp, samples.gif, samples.mp4)[which]())
    whole[flip % len(whole)] = to
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(whole[: len(whole) - cut % (len(whole) // 2)])
    with contextlib.suppress(Broken):
        strip(path, kind)
    one = Upload("x", path.stat().st_size, path, kind)
    with contextlib.suppress(Invalid):
        prepare(one)
