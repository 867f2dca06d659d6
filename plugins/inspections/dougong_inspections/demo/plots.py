"""The nine templates of the demo company (section 4 of the domain page), with where and when they are walked.

Demo content in Chinese, as data. Limits are ordinary values of the trade; what a law demands names it in the plan's basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]


def yes(id: str, text: str, criticality: str = "normal", *, photo: bool = False, help: str | None = None) -> Raw:
    """An item that passes with yes."""
    return {"id": id, "type": "yes_no", "text": text, "criticality": criticality, "photo_on_fail": photo, "help": help}


def number(
    id: str, text: str, low: float | None, high: float | None, unit: str, criticality: str = "important"
) -> Raw:
    """A reading with its limits."""
    limits = {"low": low, "high": high, "unit": unit}
    return {"id": id, "type": "number", "text": text, "criticality": criticality, **limits}


def choose(id: str, text: str, options: Sequence[str], failing: Sequence[str], criticality: str = "normal") -> Raw:
    """One of several, some of which fail."""
    return {"id": id, "type": "option", "text": text, "options": [*options], "failing": [*failing], "criticality": criticality}


@dataclass(frozen=True)
class Plot:
    """A template, its points by site, and its plan.

    :ivar points: by site's slug. :ivar plan: further values of the plan. :ivar by_site: what is different at one site.
    """

    slug: str
    name: str
    trade: str
    items: Sequence[Raw]
    points: Mapping[str, Sequence[str]]
    plan: Mapping[str, Any]
    scored: bool = False
    by_site: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


FIRE = "机关、团体、企业、事业单位消防安全管理规定（公安部令第61号）第二十五条：每日防火巡查，医院应当加强夜间防火巡查。"
LIFT = "特种设备安全监察条例第三十一条：电梯至少每15日进行一次清洁、润滑、调整和检查；使用单位查验维保记录。"

PLOTS: tuple[Plot, ...] = (
    Plot(
        "daily", "日常维修养护巡检", "engineering",
        (
            yes("lights", "公共照明完好"),
            yes("doors", "门禁、闭门器、门锁完好"),
            number("pump", "生活水泵出口压力", 0.35, 0.6, "MPa"),
            number("power", "配电柜电压", 370, 400, "V"),
            yes("leaks", "管道、屋面、墙面无渗漏", "important", photo=True),
            yes("signs", "标识标牌齐全牢固"),
        ),
        {"huayuan": ("1号楼大堂与楼道", "7号楼大堂与楼道", "地下车库", "社区会所"),
         "qicheng": ("A座公共区域", "C座公共区域", "1号宿舍楼"), "hekang": ("门诊楼", "住院楼公共区域")},
        {"repeat": "daily", "times": "09:00", "window_minutes": 180, "post": "technician"},
    ),
    Plot(
        "cleaning", "清洁日检", "cleaning",
        (
            choose("roads", "道路广场", ("干净", "有零星垃圾", "脏"), ("脏",)),
            choose("corridors", "楼道大堂", ("干净", "有污迹", "脏"), ("脏",)),
            yes("toilets", "卫生间无异味、无积水、用品齐全", "important", photo=True),
            yes("bins", "垃圾桶未满溢、桶身清洁"),
            yes("sorting", "四分类投放正确，有督导", "important"),
        ),
        {"huayuan": ("小区道路", "1号楼楼道", "地下车库", "垃圾投放点"), "qicheng": ("园区道路", "A座卫生间", "垃圾站"),
         "hekang": ("门诊大厅", "住院楼卫生间", "医废交接区外围")},
        {"repeat": "daily", "times": "08:00 14:00", "window_minutes": 120, "post": "cleaning_lead"},
    ),
    Plot(
        "dormitory", "宿舍周检", "dormitory",
        (
            yes("extinguishers", "灭火器压力正常、在有效期内", "important"),
            yes("exits", "疏散通道、安全出口畅通", "critical", photo=True),
            yes("wiring", "无私拉乱接、违规电器", "important", photo=True),
            choose("hygiene", "房间卫生", ("好", "一般", "差"), ("差",)),
            number("occupancy", "入住人数", 0, 240, "人", "normal"),
            yes("visitors", "来访登记完整"),
        ),
        {"qicheng": ("1号宿舍楼", "2号宿舍楼", "3号宿舍楼")},
        {"repeat": "weekly", "weekdays": "2", "times": "14:00", "window_minutes": 240, "post": "dormitory_keeper"},
    ),
    Plot(
        "fire", "防火巡查", "security",
        (
            yes("exits", "疏散通道、安全出口畅通，指示标志完好", "critical", photo=True),
            yes("doors", "防火门关闭严密，防火卷帘下无杂物", "important", photo=True),
            yes("extinguishers", "消防器材在位、完好"),
            number("hydrant", "室内消火栓静压", 0.1, 0.8, "MPa", "critical"),
            yes("lane", "消防车通道未被占用", "important", photo=True),
            yes("hotwork", "动火作业有审批、有人看护", "critical"),
            yes("posts", "重点部位人员在岗"),
        ),
        {"huayuan": ("1号楼", "7号楼", "地下车库", "东门消防车通道"), "qicheng": ("A座", "D座", "1号宿舍楼", "配电房"),
         "hekang": ("门诊楼", "住院楼一至五层", "住院楼六至十层", "药库", "氧气站")},
        {"repeat": "daily", "times": "10:00 16:00", "window_minutes": 90, "post": "security_lead",
         "statutory": True, "basis": FIRE},
        by_site={"hekang": {"times": "09:00 15:00 22:00 02:00"}},
    ),
    Plot(
        "lift", "电梯机房周检", "engineering",
        (
            number("heat", "机房温度", 5, 40, "℃"),
            choose("noise", "运行声音", ("正常", "轻微异响", "明显异响"), ("明显异响",), "important"),
            yes("brake", "制动器动作正常、无油污", "critical"),
            yes("intercom", "五方对讲通话正常", "critical"),
            yes("record", "15日维保记录齐全", "important"),
            yes("label", "使用标志在有效期内", "important", photo=True),
        ),
        {"huayuan": ("1号楼机房", "7号楼机房"), "qicheng": ("A座机房", "D座机房"), "hekang": ("门诊楼机房", "住院楼机房")},
        {"repeat": "weekly", "weekdays": "1", "times": "10:00", "window_minutes": 360, "post": "technician",
         "statutory": True, "basis": LIFT},
    ),
    Plot(
        "plant", "配电房水泵房巡检", "engineering",
        (
            number("volt", "进线电压", 370, 400, "V"),
            number("amp", "进线电流", 0, 800, "A"),
            number("leak", "剩余电流", 0, 300, "mA"),
            yes("lock", "水箱加锁、通气孔防护网完好", "critical", photo=True),
            yes("clean", "机房整洁、无杂物、挡鼠板在位"),
        ),
        {"huayuan": ("高压配电房", "生活水泵房"), "qicheng": ("园区配电房", "生活水泵房"),
         "hekang": ("院区配电房", "生活水泵房")},
        {"repeat": "daily", "times": "08:00 16:00 23:30", "window_minutes": 120, "post": "technician"},
    ),
    Plot(
        "greening", "绿化周检", "greening",
        (
            choose("lawn", "草坪长势", ("好", "一般", "斑秃"), ("斑秃",)),
            yes("pests", "无明显病虫害", "important", photo=True),
            yes("branches", "无枯枝、断枝、倒伏隐患", "important", photo=True),
            yes("water", "浇灌及时，喷头完好"),
        ),
        {"huayuan": ("中心花园", "沿街绿化带"), "qicheng": ("园区主轴绿化", "停车场绿化")},
        {"repeat": "weekly", "weekdays": "4", "times": "09:00", "window_minutes": 300, "post": "greening_lead"},
    ),
    Plot(
        "quality", "品质月检", "quality",
        (
            {**yes("service", "客服仪容、应答符合标准"), "weight": 15},
            {**yes("records", "各岗位记录完整、可追溯", "important"), "weight": 20},
            {**yes("cleanliness", "公共区域清洁达标"), "weight": 15},
            {**yes("order", "秩序岗位履职、门岗规范"), "weight": 15},
            {**yes("equipment", "设备房管理达标", "important"), "weight": 20},
            {**yes("findings", "上月问题全部关闭", "important"), "weight": 15},
        ),
        {"huayuan": ("安禾花园",), "qicheng": ("启程产业园",), "hekang": ("和康医院项目",)},
        {"repeat": "monthly", "month_day": 10, "times": "09:00", "window_minutes": 480, "post": "quality", "review": False},
        scored=True,
    ),
    Plot(
        "night", "治安夜巡", "security",
        (
            yes("gates", "出入口、围墙、周界报警正常", "important"),
            yes("strangers", "无可疑人员、车辆"),
            yes("doors", "公共门、机房门关闭上锁"),
            yes("lights", "夜间照明正常"),
            yes("posts", "夜班岗位在岗在位", "important"),
        ),
        {"huayuan": ("东门岗", "地下车库", "中心花园", "沿街商铺"), "qicheng": ("北门", "1号宿舍楼", "停车场"),
         "hekang": ("急诊入口", "住院楼周边", "地下停车场")},
        {"repeat": "daily", "times": "22:00 01:00 04:00", "window_minutes": 120, "post": "security_lead"},
    ),
)  # fmt: skip
