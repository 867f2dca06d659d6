"""What is to be done in the demo: one list a kind of site, each order with the way that it goes (``plots``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """:param plot: name in ``plots.PLOTS``. :param day: days before the demo's present; :param hour: on the site's clock.
    :param result: what was done. :param parts: of several trades: (trade, category, title) each.
    :param appointed: so many days after the demo's present somebody is expected at 18:30; 0: no appointment.
    """

    plot: str
    day: int
    hour: float
    category: str
    location: str
    title: str
    result: str = "已处理，现场恢复正常"
    nature: str = "repair"
    urgent: bool = False
    parts: tuple[tuple[str, str, str], ...] = ()
    appointed: int = 0


S = Story
HOME = (
    S("done", 13, 9.2, "doors_windows", "6号楼1单元门禁", "单元门闭门器漏油，门关不严", "更换闭门器并调试", "public"),
    S(
        "urgent",
        12,
        19.5,
        "water",
        "7号楼1单元603",
        "厨房上水管爆裂，水流入楼道",
        "关阀后更换三角阀与软管，试压无渗漏",
        urgent=True,
    ),
    S("done", 11, 10.0, "power", "3号楼2单元12层", "楼道感应灯整层不亮", "更换感应开关 2 只", "public"),
    S("paid", 10, 14.0, "water", "9号楼2单元1202", "业主要求更换厨房水龙头", "更换水龙头并清理现场", "paid"),
    S(
        "rework",
        9,
        9.5,
        "walls_roof",
        "8号楼2单元2201",
        "屋面渗漏，雨后墙面起泡",
        "铲除空鼓，重做防水层并闭水 24 小时",
        "public",
    ),
    S(
        "parent",
        8,
        9.0,
        "other",
        "社区会所一层",
        "会所一层返修开放前整理",
        "各工种完成，会所恢复开放",
        "public",
        parts=(
            ("engineering", "power", "更换会所射灯与插座面板"),
            ("cleaning", "cleaning", "会所地面拓荒清洁与玻璃刮洗"),
            ("greening", "greening", "会所门前花箱换季补苗"),
        ),
    ),
    S("late", 7, 8.8, "access_cameras", "东门岗", "东门人脸识别终端离线", "更换交换机电源", "public"),
    S("done", 6, 11.0, "cleaning", "2号楼前垃圾分类点", "厨余桶外溢，地面有油污", "清运、冲洗并消杀", "request"),
    S("done", 5, 15.5, "greening", "1号楼南侧", "乔木枝条伸入三层阳台", "修剪 4 株，枝条已清运", "request"),
    S(
        "permit",
        3,
        9.0,
        "welding",
        "地下车库",
        "消防管支架脱焊，需补焊加固",
        "补焊支架 3 处，看火 30 分钟后撤离",
        "public",
    ),
    S("returned", 2, 10.5, "doors_windows", "5号楼1单元901", "入户门锁芯卡滞，业主约晚上上门", appointed=1),
    S("held", 2, 14.0, "lift", "12号楼2单元", "电梯轿厢照明闪烁，等厂家配件", nature="public"),
    S("overdue", 5, 9.0, "drain_clearing", "10号楼1单元102", "厨房地漏返水"),
    S("check", 1, 9.3, "power", "11号楼2单元电梯厅", "电梯厅应急灯不亮", "更换蓄电池，放电试验 30 分钟", "public"),
    S("quoted", 1, 15.0, "power", "4号楼2单元803", "业主要求加装卫生间插座", nature="paid"),
    S("doing", 0, -3.0, "water", "14号楼2单元1601", "马桶水箱漏水", urgent=False),
    S("accepted", 0, -1.5, "air_conditioning", "社区会所", "会所空调出风口滴水", nature="public"),
    S("dispatched", 0, -0.6, "order", "地下车库", "消防通道被私家车占用", nature="request"),
    S("new", 0, -0.3, "water", "13号楼1单元504", "卫生间水管接头滴水", appointed=2),
)
PARK = (
    S("done", 13, 9.0, "power", "A座配电间", "A座 3 层照明回路跳闸", "更换空气开关，测绝缘合格", "public"),
    S("urgent", 11, 20.0, "lift", "B座2号梯", "货梯门机故障，物料被困轿厢", "调整门刀间隙，试运行 20 次", urgent=True),
    S("done", 10, 10.0, "doors_windows", "C座卸货口", "卷帘门升降卡滞", "更换导轨滑块", "public"),
    S("paid", 9, 13.0, "power", "E座商户", "商户要求增设配电箱回路", "新增回路 1 路并测试漏保", "paid"),
    S("rework", 8, 9.0, "water", "2号宿舍楼3层", "公共洗衣间下水慢", "疏通主管并更换存水弯", "public"),
    S("late", 7, 9.0, "access_cameras", "3号宿舍楼门厅", "宿舍门禁读卡失灵", "更换读头", "public"),
    S("done", 6, 10.5, "cleaning", "员工食堂后侧", "隔油池溢流有异味", "清掏隔油池 0.8 m³", "public"),
    S(
        "permit",
        4,
        8.7,
        "wells_tanks",
        "D座北侧污水井",
        "污水井淤堵，需下井清淤",
        "通风检测合格后清淤，全程监护",
        "public",
    ),
    S("done", 4, 14.0, "greening", "主干道绿化带", "灌木遮挡货车出库视线", "降高至 0.8 米", "public"),
    S("overdue", 5, 9.0, "air_conditioning", "F座二层", "会议室空调不制热"),
    S("held", 2, 10.0, "fire_equipment", "A座4层", "室内消火栓箱门缺失，等厂家补发", nature="defect"),
    S("check", 1, 9.0, "power", "1号宿舍楼", "宿舍 206 插座松动", "更换面板 2 只"),
    S("doing", 0, -2.5, "water", "配电房旁", "绿化给水阀门漏水", nature="public"),
    S("dispatched", 0, -0.7, "doors_windows", "C座前厅", "自动门感应不灵", nature="public", appointed=3),
    S("new", 0, -0.2, "order", "1号门", "访客车辆占用货车等候区", nature="request"),
)
HOSPITAL = (
    S("done", 13, 8.5, "power", "住院楼心内科病区", "护士站应急插座无电", "更换插座并核对应急回路", "public"),
    S(
        "urgent",
        12,
        18.0,
        "lift",
        "门诊楼2号电梯",
        "电梯平层不准，轮椅进出有坎",
        "校准平层，试运行正常",
        "public",
        urgent=True,
    ),
    S("done", 10, 9.0, "water", "住院楼骨科病区", "病房卫生间地漏返水", "疏通地漏，更换防臭芯", "public"),
    S("rework", 9, 9.5, "air_conditioning", "住院楼呼吸内科病区", "病房空调不制冷", "清洗滤网，补充冷媒", "public"),
    S("late", 7, 9.0, "doors_windows", "住院楼产科病区", "病区自动门感应失灵", "更换感应探头", "public"),
    S("done", 6, 14.0, "cleaning", "门诊楼一层卫生间", "地面湿滑，未放警示牌", "清理并补放警示牌", "defect"),
    S(
        "permit",
        5,
        9.0,
        "walls_roof",
        "门诊楼北立面",
        "外墙砖松动，需登高敲除加固",
        "敲除松动砖 6 块，拉网加固",
        "public",
    ),
    S("overdue", 5, 10.0, "wells_tanks", "后勤楼水泵房", "生活水箱浮球阀关不严", nature="defect"),
    S("held", 2, 11.0, "fire_equipment", "住院楼12层", "常闭式防火门闭门器损坏，等到货", nature="defect"),
    S("check", 1, 8.5, "power", "住院楼儿科病区", "走廊筒灯频闪", "更换驱动电源 5 只", "public"),
    S("doing", 0, -2.0, "water", "门诊楼三层", "洗手池龙头感应失灵", nature="public"),
    S("accepted", 0, -1.0, "greening", "康复花园", "步道落叶湿滑", nature="request"),
    S("new", 0, -0.3, "access_cameras", "住院楼普外科病区", "病区探视门禁无法远程开门", nature="public", appointed=1),
)
