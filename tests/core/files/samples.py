"""Files as people send them: pictures with what a camera notes, films, documents, and what attackers make of them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = b"31.2304N"  # stands in the notes of every sample that has notes


def jpeg(size: tuple[int, int] = (64, 48), *, orientation: int = 1, gps: bool = True, extra: bytes = b"") -> bytes:
    """A picture as a phone takes it: where, when, with what, turned."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 20, 200), (0, 0, size[0] // 2, size[1] // 2))
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = "Camera Maker"
    if gps:
        notes[0x8825] = {1: "N", 2: (31.0, 13.0, 49.0), 29: SECRET.decode()}
        notes[0x8769] = {0x927C: b"maker " + SECRET, 0x9003: "2026:11:22 10:00:00"}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=notes.tobytes(), comment=b"taken at " + SECRET)
    return out.getvalue() + extra


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    notes = PngInfo()
    notes.add_text("Location", SECRET.decode())
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 200, 10, 128)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def webp() -> bytes:
    notes = Image.Exif()
    notes[0x010E] = SECRET.decode()
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(out, "WEBP", exif=notes.tobytes(), xmp=b"<x>" + SECRET + b"</x>")
    return out.getvalue()


def gif(frames: int = 2) -> bytes:
    out = io.BytesIO()
    made = [Image.new("P", (20, 20), n) for n in range(frames)]
    made[0].save(out, "GIF", save_all=True, append_images=made[1:], comment=b"at " + SECRET)
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def mp4() -> bytes:
    notes = box(b"udta", box(b"\xa9xyz", SECRET)) + box(b"meta", SECRET)
    moov = box(b"moov", box(b"mvhd", bytes(100)) + notes + box(b"trak", box(b"tkhd", bytes(84)) + notes))
    return box(b"ftyp", b"isom\0\0\0\0isommp42") + box(b"mdat", b"film" * 100) + moov


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A bomb: few bytes that would unpack to hundreds of millions of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def office(inner: str = "word/document.xml", *, macros: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(inner, "<x/>")
        if macros:
            file.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
GIF_SCRIPT = b"GIF89a/*" + b"\0" * 5 + b"*/=1;alert(1)//"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
