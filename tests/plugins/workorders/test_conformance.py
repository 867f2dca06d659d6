"""Work orders keep what every plugin has to keep."""

from __future__ import annotations

from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "workorders"
    bodies = {
        "workorders.order": {
            "nature": "repair",
            "urgency": "normal",
            "source": "phone",
            "category": "water",
            "title": "厨房水龙头滴水",
            "location": "3 号楼 2 单元 1801",
            "reporter": "王女士",
            "phone": "13800005678",
        }
    }
