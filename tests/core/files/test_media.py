"""What a file is by its content, and what its name may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from dougong.records.media import Upload, clean_name, sniff
from hypothesis import given
from hypothesis import strategies as st

from . import samples


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", samples.jpeg(), "image/jpeg"),
        ("a.png", samples.png(), "image/png"),
        ("a.gif", samples.gif(), "image/gif"),
        ("a.webp", samples.webp(), "image/webp"),
        ("a.mp4", samples.mp4(), "video/mp4"),
        ("a.pdf", samples.PDF, "application/pdf"),
        ("a", samples.office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a", samples.office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", samples.office(macros=True), "application/vnd.ms-office.macros"),
        ("a.docx", samples.office("something/else"), "application/zip"),
        ("a.xls", samples.OLE, "application/vnd.ms-excel"),
        ("a.msi", samples.OLE, "application/octet-stream"),
        ("a.txt", "报修记录\n".encode(), "text/plain"),
        ("a.txt", "报修记录\n".encode("gb18030"), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.txt", "水".encode() * 30_000, "text/plain"),
        ("a.jpg", samples.SVG, "image/svg+xml"),
        ("a.jpg", b"\xef\xbb\xbf \n<svg onload=alert(1)>", "image/svg+xml"),
        ("a.jpg", samples.HTML, "text/html"),
        ("a.txt", b"<!-- x --><script>alert(1)</script>", "text/html"),
        ("a.pdf", b"<html>" + samples.PDF, "text/html"),
        ("a.exe", b"MZ\x90\0\x03\0\0\0", "application/octet-stream"),
        ("a.txt", b"", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_content_says_what_it_is(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sniff(path, name) == kind


@pytest.mark.parametrize(
    ("sent", "kind", "made"),
    [
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        (r"C:\Users\me\现场 照片.JPG", "image/jpeg", "现场 照片.JPG"),
        ("invoice\u202egpj.exe", "application/pdf", "invoicegpj.exe.pdf"),
        ("a\0b\r\n\tc.png", "image/png", "abc.png"),
        ("photo.html", "image/png", "photo.html.png"),
        ("", "image/png", "file.png"),
        ("...", "application/pdf", "file.pdf"),
        ('a<b>:"|?*.pdf', "application/pdf", "a_b______.pdf"),
        ("noext", "application/octet-stream", "noext"),
    ],
)
def test_names_are_made_safe(sent: str, kind: str, made: str) -> None:
    assert clean_name(sent, kind) == made


@given(st.text(max_size=400), st.sampled_from(["image/jpeg", "text/plain", "application/octet-stream"]))
def test_any_name_becomes_one_that_every_disk_takes(sent: str, kind: str) -> None:
    made = clean_name(sent, kind)
    assert made
    assert len(made) <= 130
    assert len(made.encode()) <= 210
    assert not set(made) & set('/\\\0\r\n<>:"|?*\u202e')
    assert clean_name(made, kind) == made


def test_an_upload_of_a_file_of_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "x.JPG"
    path.write_bytes(samples.jpeg())
    upload = Upload.of(path)
    assert (upload.name, upload.media_type, upload.size) == ("x.JPG", "image/jpeg", path.stat().st_size)
