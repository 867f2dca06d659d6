"""What colleagues say to one another about the demo's open complaints, and the photos that they took on the spot.

The photos are drawn here, out of rectangles: nobody and no place is in them.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dougong import Context, Upload

from ..choices import State
from ..records import Complaint

_WIDE, _HIGH = 480, 360
_Box = tuple[int, int, int, int, tuple[int, int, int]]  # left, top, right, bottom, colour

_LIFT: tuple[_Box, ...] = (
    (0, 300, 480, 360, (150, 143, 134)),
    (130, 50, 350, 320, (96, 104, 112)),
    (140, 60, 238, 320, (188, 194, 199)),
    (242, 60, 340, 320, (178, 185, 191)),
    (370, 160, 400, 220, (70, 78, 86)),
    (380, 172, 390, 182, (232, 170, 60)),
)
_CEILING: tuple[_Box, ...] = (
    (0, 0, 480, 150, (236, 234, 228)),
    (150, 20, 330, 110, (205, 190, 160)),
    (190, 40, 290, 92, (176, 156, 118)),
    (0, 150, 480, 162, (200, 198, 192)),
    (60, 200, 120, 360, (214, 221, 226)),
    (236, 96, 242, 150, (150, 176, 190)),
)
_PHOTOS = {"lift_entrapment": ("电梯厅现场.png", _LIFT), "water_leak": ("顶棚渗水.png", _CEILING)}
_SAID = {
    "lift_entrapment": "@{lead} 维保单位 20 分钟内到场，请同步业主群，并安排回访两位住户。",
    "water_leak": "@{lead} 已约楼上住户明早 9:00 开门试水，请提前一天再提醒一次。",
    "cleanliness": "@{lead} 现场已复核，需与保洁单位确认班次。",
}


def _drawn(boxes: Sequence[_Box]) -> bytes:
    """A PNG of rectangles on a plain wall."""
    rows = []
    for y in range(_HIGH):
        row = bytearray(bytes((222, 219, 211)) * _WIDE)
        for left, top, right, bottom, colour in boxes:
            if top <= y < bottom:
                row[left * 3 : right * 3] = bytes(colour) * (right - left)
        rows.append(b"\0" + bytes(row))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def add(x: Context[Any], complaint: Complaint) -> None:
    """A comment of the one who works on it, who mentions the lead; a photo where files can be kept."""
    category = str(complaint.category)
    said = _SAID.get(category)
    lead = x.who("service_lead", complaint.site_id)[0]
    owner = complaint.owner_id
    if complaint.status is not State.WORKING or said is None or owner is None or owner == lead.id:
        return
    by = x.as_person(owner)
    by.comment(complaint, said.format(lead=lead.name))
    if x.store is not None and category in _PHOTOS:
        name, boxes = _PHOTOS[category]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "photo.png"
            path.write_bytes(_drawn(boxes))
            by.attach(complaint, Upload.of(path, name))
