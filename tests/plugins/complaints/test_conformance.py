"""Complaints keep what every plugin has to keep."""

from __future__ import annotations

from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "complaints"
    bodies = {
        "complaints.complaint": {
            "channel": "phone",
            "complainant_type": "owner",
            "complainant": "王女士",
            "phone": "13800005678",
            "category": "water_leak",
            "location": "3 号楼 2 单元 1801",
            "statement": "卫生间顶棚渗水，第三次报修未根治",
            "severity": "minor",
            "urgency": "normal",
        }
    }
