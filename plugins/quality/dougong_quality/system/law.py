"""A register to begin with: the laws and rules of section 3 of the domain page, with how far each was verified.

``READ`` were read in the law's text; the others come from secondary pages or general knowledge and have to be read before a
company relies on them. Requirements are in our own words; numbers of articles stand only where the domain page has them.
"""

# ruff: noqa: E501 - one requirement a line, as a register is read

from __future__ import annotations

from dataclasses import dataclass

from .choices import Checked, LawLevel

READ, PENDING = Checked.READ, Checked.PENDING
LAW, REGULATION, RULE, LOCAL, STANDARD = (
    LawLevel.LAW,
    LawLevel.REGULATION,
    LawLevel.RULE,
    LawLevel.LOCAL,
    LawLevel.STANDARD,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement of the template; texts are Chinese, as the register of a Chinese company is."""

    title: str
    level: LawLevel
    articles: str
    requirement: str
    checked: Checked
    duty: str
    document: str = ""


_M, _S, _E, _P, _Q, _F = "项目经理", "保安队长", "工程主管", "人事行政", "品质专员", "财务"

TEMPLATE: tuple[Entry, ...] = (
    Entry("物业管理条例", REGULATION, "第45条、第46条", "对物业区域内违反治安、环保、装修等规定的行为予以制止，并及时向有关行政管理部门报告；协助做好安全防范。", READ, _M),
    Entry("物业管理条例", REGULATION, "第48条", "知悉：该条约束政府部门处理投诉，对企业未设时限；企业时限由公司自定。", READ, "客服主管"),
    Entry("民法典", LAW, "第942条", "妥善维修、养护、清洁、绿化和经营管理共有部分，维护秩序，对违法行为制止、报告并协助处理。", READ, _M),
    Entry("民法典", LAW, "第943条", "定期公开服务事项、负责人员、质量要求、收费项目和标准、维修资金使用等情况，并向业主大会、业主委员会报告。", READ, _M),
    Entry("民法典", LAW, "第944条", "不得以停止供电、供水、供热、供燃气等方式催交物业费。", READ, _F),
    Entry("民法典", LAW, "第949条", "合同终止后按期退出，移交用房、设施和资料，配合新的物业服务人做好交接。", READ, _M),
    Entry("杭州市物业管理条例", LOCAL, "第50条", "收到投诉后十日内答复（仅适用于杭州市的项目）。", READ, "客服主管"),
    Entry("消防法", LAW, "第16条", "建筑消防设施每年至少全面检测一次，保证完好有效，检测记录完整存档。", READ, _E),
    Entry("消防法", LAW, "第17条", "消防安全重点单位每日防火巡查并建立记录，建立消防档案，进行岗前培训和定期演练。", READ, _S),
    Entry("机关、团体、企业、事业单位消防安全管理规定", RULE, "第25条", "公众聚集场所营业期间每两小时防火巡查一次；医院等加强夜间巡查。", PENDING, _S, "公安部令第61号"),
    Entry("机关、团体、企业、事业单位消防安全管理规定", RULE, "第26条", "机关、团体、事业单位每季度、其他单位每月至少一次防火检查。", PENDING, _S, "公安部令第61号"),
    Entry("机关、团体、企业、事业单位消防安全管理规定", RULE, "第36条、第40条", "消防培训每年至少一次（公众聚集场所半年一次）；演练重点单位半年一次，其他单位每年一次。", PENDING, _S, "公安部令第61号"),
    Entry("消防控制室通用技术要求", STANDARD, "", "消防控制室24小时值班，每班不少于两人，持证上岗。", PENDING, _S, "GB 25506"),
    Entry("物业承接查验办法", RULE, "第9条", "新建物业交付前十五日前完成共用部位、共用设施设备的承接查验。", PENDING, _M, "建房〔2010〕165号"),
    Entry("特种设备安全监察条例", REGULATION, "第31条", "电梯至少每十五日进行一次清洁、润滑、调整和检查。", READ, _E),
    Entry("特种设备安全法", LAW, "第40条", "检验合格有效期届满前一个月提出定期检验要求；未经检验或检验不合格的不得继续使用。", READ, _E),
    Entry("锅炉安全技术规程", STANDARD, "", "锅炉每年外部检验，每两年内部检验；安全阀每年校验。", PENDING, _E, "TSG 11-2020"),
    Entry("防雷减灾管理办法", RULE, "第19条", "防雷装置每年检测一次，爆炸和火灾危险环境半年一次。", PENDING, _E, "气象局令第24号"),
    Entry("生产安全事故报告和调查处理条例", REGULATION, "第9条", "事故发生后现场人员立即报告负责人；负责人接报后一小时内向应急管理等部门报告。", READ, _M),
    Entry("生产安全事故应急条例", REGULATION, "第8条", "人员密集场所经营单位等至少每半年组织一次应急预案演练，并报送主管部门。", READ, _M),
    Entry("保安服务管理条例", REGULATION, "第14条、第25条", "自行招用保安员的三十日内备案；监控影像资料、报警记录留存不少于三十日。", READ, _S),
    Entry("劳动合同法", LAW, "第10条、第50条", "用工一个月内订立书面劳动合同；解除或终止的合同文本至少保存二年。", READ, _P),
    Entry("会计档案管理办法", RULE, "", "会计凭证、账簿保管三十年，月报十年，年报永久。", PENDING, _F, "财政部、国家档案局令第79号"),
    Entry("个人信息保护法", LAW, "第56条", "个人信息保护影响评估报告和处理情况记录至少保存三年。", READ, _Q),
)  # fmt: skip
