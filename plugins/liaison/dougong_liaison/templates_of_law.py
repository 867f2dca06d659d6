"""Obligations to begin with, from sections 3 and 4 of the domain page, by kind of site, each with its source and mark.

``READ`` were read in the law's text (mark V); ``PENDING`` (marks H, M, P) come from secondary pages or general knowledge and have
to be read before a company relies on them. Days that no law fixes are this project's proposals. Texts are Chinese, as the law.
"""

# ruff: noqa: E501 - one obligation a line

from __future__ import annotations

from dataclasses import dataclass

from dougong import Lazy, translator

from .choices import Checked, Repeat

_ = translator("dougong_liaison")

KINDS: dict[str, Lazy] = {"home": _("Residential estate"), "park": _("Industrial park"), "hospital": _("Hospital")}
READ, PENDING = Checked.READ, Checked.PENDING
Y, H, Q, M = Repeat.YEARLY, Repeat.HALF_YEARLY, Repeat.QUARTERLY, Repeat.MONTHLY
EVERYWHERE = frozenset(KINDS)
CROWDED = frozenset({"park", "hospital"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation of the template. ``code`` is its stable name: taken over twice it is recognised."""

    code: str
    agency: str
    title: str
    basis: str
    mark: str
    repeat: Repeat
    month: int
    day: int
    evidence: str
    sites: frozenset[str] = EVERYWHERE

    @property
    def checked(self) -> Checked:
        return READ if self.mark == "V" else PENDING


TEMPLATE: tuple[Entry, ...] = (
    Entry("fire_test", "fire", "建筑消防设施年度检测", "消防法第16条", "V", Y, 9, 30, "检测报告、检测合同"),
    Entry("fire_dossier", "fire", "消防档案更新", "消防法第17条", "V", Y, 12, 31, "消防档案", CROWDED),
    Entry("fire_check_month", "fire", "每月防火检查记录", "公安部令第61号第26条", "P+H", M, 1, 31, "防火检查记录"),
    Entry("fire_training", "fire", "消防安全培训", "公安部令第61号第36条", "H", Y, 11, 30, "签到表、照片、课件", frozenset({"home"})),
    Entry("fire_training_half", "fire", "消防安全培训（每半年）", "公安部令第61号第36条", "H", H, 5, 31, "签到表、照片、课件", CROWDED),
    Entry("fire_drill", "fire", "灭火和应急疏散演练", "公安部令第61号第40条", "H", Y, 11, 9, "演练方案、记录、照片", frozenset({"home"})),
    Entry("fire_drill_half", "fire", "灭火和应急疏散演练（每半年）", "公安部令第61号第40条", "H", H, 5, 9, "演练方案、记录、照片", CROWDED),
    Entry("emergency_drill", "emergency", "应急预案演练并报送", "生产安全事故应急条例第8条", "V", H, 6, 30, "演练报告、报送回执", CROWDED),
    Entry("hazard_ledger", "emergency", "事故隐患台账报送", "当地应急管理部门要求（周期自定）", "P", Q, 1, 10, "隐患排查治理台账"),
    Entry("market_annual", "market", "企业年度报告公示", "企业信息公示暂行条例（6月30日前）", "H", Y, 6, 30, "公示截图"),
    Entry("lift_inspection", "market", "电梯定期检验申请", "特种设备安全法第40条（届满前一个月）", "V", Y, 3, 31, "检验申请、检验报告"),
    Entry("lift_upkeep", "market", "电梯半月维保记录核查", "特种设备安全监察条例第31条", "V", M, 1, 31, "维保记录"),
    Entry("boiler_external", "market", "锅炉外部检验、安全阀校验", "TSG 11-2020", "H", Y, 10, 15, "检验报告、校验证书", CROWDED),
    Entry("tax_month", "tax", "增值税等月度申报", "税收征收管理法第25条（期限以税务机关核定为准）", "H", M, 1, 15, "申报表、完税凭证"),
    Entry("tax_quarter", "tax", "企业所得税季度预缴", "企业所得税法第54条（季度终了后15日内）", "H", Q, 1, 15, "申报表、完税凭证"),
    Entry("tax_annual", "tax", "企业所得税汇算清缴", "企业所得税法（5月31日前）", "H", Y, 5, 31, "汇算清缴申报表"),
    Entry("disclosure", "housing", "服务与收支情况公开", "民法典第943条", "V", H, 1, 31, "公示照片、公示文本"),
    Entry("credit", "housing", "物业企业信用信息更新", "当地住建部门要求", "P", Y, 3, 31, "系统截图"),
    Entry("street_meeting", "street", "街道社区月度例会", "街道、社区要求", "P", M, 1, 25, "会议纪要"),
    Entry("hotline", "street", "12345 工单办理情况报送", "街道、社区要求", "P", M, 1, 5, "办理情况表", frozenset({"home"})),
    Entry("guards", "police", "自行招用保安员备案核对", "保安服务管理条例第14条", "V", Y, 4, 30, "备案回执"),
    Entry("dormitory", "police", "宿舍流动人口登记报送", "当地公安机关要求", "P", M, 1, 10, "人员登记表", frozenset({"park"})),
    Entry("water_tank", "health", "二次供水水箱清洗与水质检测", "各地二次供水规定（半年）；GB 17051（每年至少一次）", "M", H, 4, 30, "清洗记录、水质检测报告"),
    Entry("waste", "urban", "生活垃圾分类台账报送", "当地城管部门要求", "P", M, 1, 5, "分类台账"),
    Entry("effluent", "environment", "排污与危废台账报送", "当地生态环境部门要求", "P", Q, 1, 15, "台账、监测报告", CROWDED),
    Entry("medical_waste", "environment", "医疗废物交接边界核查", "院方与当地生态环境部门要求", "P", M, 1, 20, "交接联单、核查记录", frozenset({"hospital"})),
    Entry("labour", "labour", "社保缴费基数申报", "当地社保经办机构要求", "P", Y, 7, 31, "申报回执"),
    Entry("lightning", "weather", "防雷装置年度检测", "气象局令第24号第19条", "H", Y, 4, 15, "检测报告"),
)  # fmt: skip


def of_kind(kind: str) -> list[Entry]:
    """What a kind of site owes."""
    return [one for one in TEMPLATE if kind in one.sites]
