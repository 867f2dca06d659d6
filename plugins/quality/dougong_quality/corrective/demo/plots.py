"""What happens in the demo: each nonconformity with its steps, so many days ago, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Q, PM, ENG, SEC, CLEAN = "quality", "project_manager", "engineering_lead", "security_lead", "cleaning_lead"


@dataclass(frozen=True)
class Act:
    """:param ago: days. :param step: ``open``, ``revise`` (a document), a transition, or a measure's or check's.
    :param by: the post that takes it. :param only: text of the one measure that is finished; empty: all.
    :param site: of a sister site's answer: which project."""

    ago: float
    step: str
    by: str
    body: Mapping[str, Any] = field(default_factory=dict)
    only: str = ""
    site: int | None = None


@dataclass(frozen=True)
class Plot:
    """:param site: which of the company's projects, in order. :param ruled: a rule of the company may have opened it."""

    name: str
    site: int
    acts: tuple[Act, ...]
    ruled: bool = False


def _whys(*pairs: tuple[str, str, str]) -> list[dict[str, Any]]:
    last = len(pairs) - 1
    return [{"why": w, "because": b, "evidence": e, "root": n == last} for n, (w, b, e) in enumerate(pairs)]


def _bones(*causes: tuple[str, str, bool]) -> list[dict[str, Any]]:
    return [{"factor": f, "cause": c, "root": r} for f, c, r in causes]


def _open(ago: float, responsible: str, due: int, by: str = Q, **body: Any) -> Act:
    base = {"nature": "found", "source": "inspection", "severity": "minor"}
    return Act(ago, "open", by, {**base, **body, "responsible_id": responsible, "due": due})


def _measure(ago: float, by: str, text: str, who: str, due: int, kind: str = "corrective") -> Act:
    return Act(ago, "plan", by, {"type": kind, "text": text, "responsible_id": who, "due": due})


def _contain(ago: float, by: str, text: str, leftover: str = "") -> Act:
    return Act(ago, "contain", by, {"text": text, **({"leftover": leftover} if leftover else {})})


def _passed(ago: float, text: str) -> Act:
    return Act(ago, "verify", Q, {"verdict": "passed", "text": text})


PATROL = _whys(
    ("1 号楼室内消火栓静压为何不足？", "屋顶稳压泵没有启动", "泵房运行记录：当月无启停记录"),
    ("稳压泵为何没有启动？", "控制柜停在手动挡", "现场照片，挡位指向手动"),
    ("为何停在手动挡？", "维保单位上次检修后未复位", "维保签到单"),
    ("为何没有人发现？", "防火巡查表没有控制柜挡位一项", "《防火巡查表》A/0"),
)
PATROL_BONES = _bones(
    ("people", "值班员不了解稳压泵原理", False),
    ("people", "交接班只交台账不看设备", False),
    ("machine", "控制柜手动挡无声光提示", False),
    ("material", "压力表超过校验期", False),
    ("method", "防火巡查表没有控制柜挡位一项", True),
    ("method", "维保验收不要求复位确认", True),
    ("environment", "泵房照明不足，挡位看不清", False),
    ("measurement", "静压每季才测一次", False),
)

PLOTS: tuple[Plot, ...] = (
    Plot(
        "patrol",
        0,
        (
            _open(
                128,
                ENG,
                20,
                severity="major",
                category="fire",
                item="室内消火栓静压",
                clause="45001:2018 8.2",
                document="AH/QEO-CX-11",
                location="1 号楼 5 层消火栓箱",
                found_by="防火巡查",
                requirement="室内消火栓静压不低于设计值，压力表在校验期内。",
                statement="防火巡查发现 1 号楼 5 层室内消火栓静压 0.05 MPa，明显不足；压力表校验标识已过期。",
            ),
            Act(127.9, "issue", Q),
            _contain(
                127.4,
                ENG,
                "当班手动启泵恢复静压 0.35 MPa，挂牌值守；通知维保单位两小时内到场。",
                "维保复位前由控制室每两小时核对一次压力。",
            ),
            Act(
                125,
                "analyse",
                ENG,
                {
                    "whys": PATROL,
                    "bones": PATROL_BONES,
                    "factor": "method",
                    "conclusion": "检查表缺项与维保验收缺项是根本原因，设备本身无故障。",
                },
            ),
            _measure(124.9, ENG, "复位控制柜并做启泵试验，更换过期压力表", ENG, 3, "correction"),
            _measure(124.8, ENG, "修订防火巡查表，增加控制柜挡位和静压读数", SEC, 10),
            _measure(124.7, ENG, "维保验收单增加“自动挡已复位”确认栏", ENG, 10),
            Act(124.6, "start", ENG),
            Act(
                123,
                "roll_out",
                Q,
                {
                    "sites": True,
                    "text": "稳压泵控制柜是否在自动挡；巡查表有无挡位与静压两项；压力表是否在校验期内。",
                    "due": 10,
                },
            ),
            Act(
                119,
                "revise",
                Q,
                {
                    "measure": "修订防火巡查表，增加控制柜挡位和静压读数",
                    "document": "防火巡查表",
                    "text": "部位、项目、读数、结果、巡查人、复核人。\n新增：消防泵控制柜挡位；室内消火栓静压读数。",
                },
            ),
            Act(
                122,
                "finish",
                ENG,
                {"result": "已复位，启泵试验正常，更换压力表 3 块"},
                only="复位控制柜并做启泵试验，更换过期压力表",
            ),
            Act(115, "finish", ENG, {"result": "已完成，新表单已受控发放并培训当班人员"}),
            Act(114.5, "submit", ENG),
            Act(118, "done", PM, {"result": "2 台稳压泵均在自动挡；巡查表缺挡位一项，已按新版更换。"}, site=1),
            Act(117, "not_here", PM, {"result": "医院消防泵由甲方后勤处直管，已书面转告。"}, site=2),
            _passed(112, "抽查 5 栋 8 处，静压均达标；新巡查表使用 10 天，记录完整。"),
            Act(16, "judge", Q, {"effect": "effective", "text": "三个月静压读数 90 次均达标，防火巡查未再发现同类问题。"}),
        ),
        ruled=True,
    ),
    Plot(
        "garbage",
        0,
        (
            _open(
                50,
                CLEAN,
                20,
                category="environment",
                item="垃圾房清运记录",
                clause="14001:2015 8.1",
                location="2 号垃圾房",
                statement="2 号垃圾房清运记录 10 月 3 日至 5 日空白，垃圾外溢。",
                source="internal_audit",
            ),
            Act(49.5, "issue", Q),
            _contain(49, CLEAN, "当日清运并冲洗消杀，补派一车次。"),
            Act(
                46,
                "analyse",
                CLEAN,
                {
                    "whys": _whys(
                        ("为何三天没有清运记录？", "清运车没有来", "门岗车辆记录"),
                        ("为何没有来？", "外包单位节假日减车未告知", "微信群无通知"),
                        ("为何可以不告知？", "合同没有节假日排班条款", "保洁合同第 7 条"),
                    ),
                    "bones": [],
                    "factor": "method",
                },
            ),
            _measure(45.5, CLEAN, "与外包单位签补充协议，节假日前三天报排班", CLEAN, 10),
            Act(45, "start", CLEAN),
            Act(36, "finish", CLEAN, {"result": "补充协议已签，国庆后两个双休日排班已报"}),
            Act(35.5, "submit", CLEAN),
            _passed(34, "查看补充协议与两次排班，清运记录连续。"),
        ),
    ),
    Plot(
        "lift",
        1,
        (
            _open(
                75,
                ENG,
                15,
                severity="major",
                category="lift",
                item="电梯机房温度",
                clause="45001:2018 8.1.4",
                location="A 座电梯机房",
                statement="A 座电梯机房连续 6 天温度高于 40 ℃，排风扇停转，巡检表仍填“正常”。",
            ),
            Act(74.8, "issue", Q),
            _contain(74.3, ENG, "临时移动空调降温至 32 ℃，每班两次测温。"),
            Act(
                72,
                "analyse",
                ENG,
                {
                    "whys": [],
                    "bones": _bones(
                        ("people", "巡检员未进机房即填表", True),
                        ("machine", "排风扇电机烧毁", False),
                        ("measurement", "机房无温度计", False),
                    ),
                    "factor": "people",
                },
            ),
            _measure(71.5, ENG, "更换排风扇，机房装温度计", ENG, 5, "correction"),
            _measure(71.4, ENG, "对巡检员再培训并签承诺", ENG, 7),
            Act(71, "start", ENG),
            Act(66, "finish", ENG, {"result": "风扇已换，培训 6 人"}),
            Act(65.5, "submit", ENG),
            _passed(64, "现场测温 29 ℃，培训签到齐全。"),
            Act(
                20,
                "judge",
                Q,
                {"effect": "ineffective", "text": "11 月抽查视频，两次仍未进机房即填“正常”；培训没有改变做法。"},
            ),
            Act(
                17,
                "analyse",
                ENG,
                {
                    "whys": _whys(
                        ("为何仍未进机房就填表？", "不进机房也能提交", "巡检系统无到位校验"),
                        ("为何没有到位校验？", "机房没有巡检码", "现场核对 4 个机房"),
                        ("为何没有巡检码？", "路线设定时漏了机房门内点位", "路线表 2025 版"),
                    ),
                    "bones": [],
                    "factor": "method",
                    "conclusion": "第一轮把原因归于人，实际是方法允许不到位。",
                },
            ),
            _measure(16.5, ENG, "机房门内贴巡检码，路线改为必须扫码并拍温度计读数", ENG, 10),
            _measure(16.4, ENG, "四个机房一周内每天视频复核", PM, 11),
            Act(16, "start", ENG),
            Act(
                9,
                "finish",
                ENG,
                {"result": "四个机房已贴码，路线已改"},
                only="机房门内贴巡检码，路线改为必须扫码并拍温度计读数",
            ),
        ),
    ),
    Plot(
        "power",
        1,
        (
            _open(
                24,
                ENG,
                28,
                category="engineering",
                item="配电房绝缘用具校验",
                clause="45001:2018 8.2",
                location="配电房",
                source="external_audit",
                found_by="外审组",
                statement="配电房绝缘手套、绝缘靴校验标签过期四个月，仍在架使用。",
            ),
            Act(23.8, "issue", Q),
            _contain(23, ENG, "撤下过期用具，从总部调用一套合格品。"),
            Act(
                20,
                "analyse",
                ENG,
                {
                    "whys": _whys(
                        ("为何过期仍在架？", "到期没有人提醒", "台账无到期日"),
                        ("为何台账没有到期日？", "台账按领用登记，不按校验管理", "工具台账"),
                        ("为何不按校验管理？", "制度只规定仪表，没有规定安全用具", "AH/QEO-CX-06"),
                    ),
                    "bones": [],
                    "factor": "method",
                },
            ),
            _measure(19.5, ENG, "安全用具列入校验台账，设到期提醒", ENG, 21),
            _measure(19.4, ENG, "送检全部绝缘用具", ENG, 22, "correction"),
            Act(19, "start", ENG),
            Act(
                1.2, "extend_submit", ENG, {"until": 16, "reason": "检测机构排期到下月初，期间使用总部调来的合格用具。"}
            ),
        ),
    ),
    Plot(
        "ward",
        2,
        (
            _open(
                15,
                CLEAN,
                20,
                category="cleaning",
                item="消毒液配比",
                clause="9001:2015 8.5.1",
                location="住院楼 5 层污物间",
                source="complaint",
                statement="病区保洁用消毒液无配比记录，现场试纸显示浓度不足。",
                found_by="甲方后勤处",
            ),
            Act(14.8, "issue", Q),
            _contain(14.5, CLEAN, "当班重配并复测合格，全楼 18 个病区即时检查。"),
            Act(
                12,
                "analyse",
                CLEAN,
                {
                    "whys": [],
                    "bones": _bones(
                        ("people", "新员工未经培训上岗", True),
                        ("material", "试纸断货两周", False),
                        ("method", "配比卡未上墙", True),
                    ),
                    "factor": "people",
                },
            ),
            _measure(11.5, CLEAN, "新员工上岗前培训考核，合格才排班", CLEAN, 7),
            _measure(11.4, CLEAN, "18 个病区污物间张贴配比卡", CLEAN, 7),
            Act(11, "start", CLEAN),
            Act(4, "finish", CLEAN, {"result": "培训 12 人，配比卡已全部上墙"}),
            Act(3, "submit", CLEAN),
        ),
    ),
    Plot(
        "extinguisher",
        2,
        (
            _open(
                9,
                SEC,
                15,
                severity="major",
                category="fire",
                item="灭火器压力",
                clause="45001:2018 8.2",
                location="门诊楼 2 层",
                statement="门诊楼 2 层 4 具灭火器压力低于绿区，检查卡仍签“合格”。",
            ),
            Act(8.9, "issue", Q),
            _contain(8.5, SEC, "从仓库更换 4 具，当日全楼普查 126 具，另换 3 具。"),
        ),
    ),
    Plot(
        "again",
        0,
        (
            _open(
                6,
                SEC,
                15,
                category="fire",
                item="灭火器压力",
                clause="45001:2018 8.2",
                location="地下车库 B1",
                statement="地下车库 B1 2 具灭火器压力低于绿区，检查卡漏签。",
            ),
            Act(
                5.9,
                "repeat",
                Q,
                {"again_of_id": "extinguisher", "reason": "一周内同一检查项在另一项目再现，按重复发生处理。"},
            ),
            Act(5.8, "issue", Q),
        ),
    ),
    Plot(
        "potential",
        0,
        (
            _open(
                30,
                ENG,
                40,
                nature="potential",
                category="engineering",
                source="management_review",
                clause="9001:2015 6.1",
                statement="三个项目二次供水水箱人孔锁具品牌不一、钥匙无登记，存在被擅自开启的风险。",
                item="水箱人孔锁",
            ),
            Act(29.5, "issue", Q),
            Act(
                27,
                "analyse",
                ENG,
                {
                    "whys": _whys(
                        ("为何可能被擅自开启？", "钥匙去向不清", "钥匙柜抽查"),
                        ("为何不清？", "没有领用登记", "无登记簿"),
                        ("为何没有登记？", "钥匙管理未列入作业指导书", "AH/QEO-WI-GC-02"),
                    ),
                    "bones": [],
                    "factor": "method",
                },
            ),
            Act(
                26,
                "roll_out",
                Q,
                {"sites": True, "text": "核对水箱人孔锁与钥匙领用登记，报锁具型号与钥匙数量。", "due": 40},
            ),
            _measure(25.5, ENG, "统一锁具，钥匙进柜，领用登记写入作业指导书", ENG, 30, "preventive"),
            Act(25, "start", ENG),
        ),
    ),
    Plot(
        "service",
        1,
        (
            _open(
                4,
                "service_lead",
                20,
                category="service",
                clause="9001:2015 8.2.1",
                source="complaint",
                item="投诉首次联系",
                statement="10 月 3 件停车投诉首次联系超过 30 分钟，最长 4 小时。",
            ),
        ),
    ),
    Plot(
        "records",
        2,
        (
            _open(
                40,
                "service_lead",
                30,
                severity="observation",
                category="records",
                clause="9001:2015 7.5.3",
                source="internal_audit",
                statement="客服台使用的投诉处理单为旧版，无受控章。",
                document="AH/QEO-JL-CX07-01",
                item="表单版本",
            ),
            Act(39.5, "cancel", Q, {"reason": "经核实为外来参考件，不作记录使用，不构成不符合。"}),
        ),
    ),
    Plot(
        "access",
        0,
        (
            _open(
                13,
                SEC,
                12,
                category="order",
                clause="9001:2015 8.5.1",
                source="self_check",
                item="访客登记",
                statement="夜班门岗抽查 20 人次访客，6 人次未登记。",
                location="东门岗",
                by=PM,
            ),
            Act(12.8, "issue", Q),
            _contain(12.6, SEC, "当班补登，夜班增派一人复核。"),
        ),
    ),
    Plot(
        "gate",
        1,
        (
            _open(
                11,
                SEC,
                20,
                category="training",
                clause="45001:2018 7.2",
                source="government",
                item="保安员持证",
                found_by="派出所",
                location="1 号门",
                statement="派出所检查发现 1 号门 2 名夜班保安未持保安员证上岗。",
            ),
            Act(10.9, "issue", Q),
            _contain(10.5, SEC, "两人当日调离门岗，由持证队员顶班。"),
        ),
    ),
    Plot(
        "tree",
        0,
        (
            _open(
                10,
                "greening_lead",
                20,
                category="greening",
                clause="9001:2015 8.4",
                source="work_order",
                item="高枝修剪",
                location="1 号楼南侧",
                statement="外包修剪高枝未设警戒区，断枝落在人行道上，无人受伤。",
            ),
            Act(9.9, "issue", Q),
            _contain(9.7, "greening_lead", "停工，补设警戒线后清理断枝。"),
            Act(
                7,
                "analyse",
                "greening_lead",
                {
                    "whys": _whys(
                        ("为何没有警戒区？", "作业人员不知道要设", "询问两名工人"),
                        ("为何不知道？", "进场没有安全交底", "无交底记录"),
                        ("为何没有交底？", "零星作业不走进场审批", "作业票制度只管动火、登高 2 米以上"),
                    ),
                    "bones": [],
                    "factor": "method",
                },
            ),
        ),
    ),
)
