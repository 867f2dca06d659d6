"""What people complain about in the demo: one list a kind of site, in the words of those who register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """:param trade: post that owns it. :param severity, urgency: as stored."""

    category: str
    trade: str
    location: str
    statement: str
    severity: str = "minor"
    urgency: str = "normal"


def _s(
    category: str, trade: str, location: str, statement: str, severity: str = "minor", urgency: str = "normal"
) -> Story:
    return Story(category, trade, location, statement, severity, urgency)


ENG, SEC, CLEAN, GREEN, LEAD = (
    "engineering_lead",
    "security_lead",
    "cleaning_lead",
    "greening_lead",
    "service_lead",
)

HOME = (
    _s("water_leak", ENG, "3 号楼 2 单元 1801", "3 号楼 2 单元 1801 卫生间顶棚渗水，第三次报修未根治", "important"),
    _s("parking", SEC, "地下车库 B1-117", "地下车库 B1-117 车位被外来车辆长期占用"),
    _s("charges", LEAD, "客服中心", "2026 年三季度物业费重复扣款，要求退回 612.50 元"),
    _s(
        "lift_entrapment", ENG, "5 号楼 1 单元 1 号梯", "5 号楼 1 单元电梯困人，两位住户被困 23 分钟", "major", "urgent"
    ),
    _s("water_leak", ENG, "7 号楼 1 单元 603", "7 号楼 1 单元 603 厨房下水管漏水，殃及 503"),
    _s("noise", LEAD, "9 号楼 2 单元 1202", "9 号楼 2 单元 1202 装修噪音，午休时段仍施工"),
    _s("facility_fault", ENG, "中心广场", "中心广场儿童滑梯扶手松动"),
    _s("cleanliness", CLEAN, "2 号楼前", "2 号楼前垃圾分类点未按时清运"),
    _s("noise", SEC, "南门广场", "广场舞音响超过 21:30 仍未停止"),
    _s("water_leak", ENG, "地下车库 B2-042", "地下车库 B2-042 上方消防管接头滴水"),
    _s("facility_fault", ENG, "6 号楼 1 单元", "6 号楼 1 单元门禁读卡失灵"),
    _s("noise", LEAD, "4 号楼 803", "空调外机共振，4 号楼 803 夜间无法入睡"),
    _s("parking", SEC, "东门无障碍车位", "残疾人车位被占，巡逻未及时处理"),
    _s("other", LEAD, "北门快递点", "希望增设快递柜，现有柜格常满"),
    _s("cleanliness", CLEAN, "11 号楼电梯厅", "11 号楼电梯厅有宠物粪便，要求加强清洁"),
    _s("water_leak", ENG, "8 号楼 2 单元 2201", "8 号楼 2 单元 2201 屋面渗漏，雨后墙面起泡", "important"),
    _s("charges", LEAD, "客服中心", "停车月卡退费手续说明不清"),
    _s("water_power_outage", ENG, "10 号楼高区", "10 号楼高区水压不足，二次供水泵故障", "important"),
    _s("greening", GREEN, "1 号楼南侧", "1 号楼南侧乔木遮挡三层采光，要求修剪"),
    _s("fire_hazard", SEC, "12 号楼 1 单元楼道", "12 号楼 1 单元楼道停放电动自行车充电", "important"),
    _s("facility_fault", ENG, "西门人行通道", "西门人行闸机反应慢，早高峰排队"),
    _s("cleanliness", CLEAN, "地下车库 B1 电梯厅", "地下车库 B1 电梯厅地面油污多日未清"),
    _s("public_order", SEC, "9 号楼架空层", "9 号楼架空层深夜有人聚集饮酒", "important"),
    _s("renovation", LEAD, "1 号楼 1503", "1 号楼 1503 装修材料长期占用电梯厅"),
    _s("water_power_outage", ENG, "4 号楼 2 单元", "4 号楼 2 单元楼道照明整层不亮"),
    _s("greening", GREEN, "中心花园", "中心花园草坪枯黄，喷灌口长流水"),
)
PARK = (
    _s("water_power_outage", ENG, "2 号厂房 3 层", "2 号厂房 3 层东侧停电，产线停机", "major"),
    _s("public_order", "dormitory_keeper", "宿舍 2 栋 4 层", "宿舍 2 栋 4 层夜间有陌生人敲门", "important"),
    _s("parking", SEC, "1 号门", "访客车辆在 1 号门排队超过 20 分钟"),
    _s("service_attitude", LEAD, "前台", "前台接待语气生硬，未告知办理时限"),
    _s("charges", LEAD, "商户 12", "商户 12 水电代收差额有异议，要求提供抄表记录"),
    _s("facility_fault", ENG, "3 号宿舍", "3 号宿舍热水 22:00 后不足"),
    _s("service_attitude", LEAD, "2 号门岗", "夜班保安未登记访客即放行"),
    _s("cleanliness", CLEAN, "食堂后侧", "食堂后侧下水道返味"),
    _s("facility_fault", ENG, "5 号厂房货梯", "5 号厂房货梯平层不准，叉车进出有坎"),
    _s("noise", LEAD, "4 号厂房北侧", "4 号厂房北侧夜间冷却塔噪声影响宿舍休息"),
    _s("fire_hazard", SEC, "1 号厂房疏散通道", "1 号厂房疏散通道堆放包装箱", "important"),
    _s("renovation", LEAD, "6 号楼 502", "6 号楼 502 装修垃圾堆在消防前室"),
    _s("water_leak", ENG, "1 号厂房屋面", "1 号厂房屋面雨后滴漏，货架需搬移", "important"),
    _s("facility_fault", ENG, "2 号厂房卷帘门", "2 号厂房 2 号卷帘门升降卡滞"),
    _s("parking", SEC, "货车等候区", "货车等候区被私家车占满，卸货延误"),
    _s("cleanliness", CLEAN, "宿舍 1 栋公共卫生间", "宿舍 1 栋二层公共卫生间清扫不及时"),
    _s("greening", GREEN, "主干道绿化带", "主干道绿化带灌木遮挡出车视线"),
    _s("charges", LEAD, "商户 7", "商户 7 公摊电费计算口径不清，要求书面说明"),
    _s("public_order", SEC, "宿舍 3 栋", "宿舍 3 栋电动车电瓶连续被盗", "important"),
    _s("water_power_outage", ENG, "研发楼 A 座", "研发楼 A 座上午停水未提前通知"),
    _s("lift_entrapment", ENG, "研发楼 B 座 2 号梯", "研发楼 B 座 2 号梯困人 9 分钟", "important", "urgent"),
    _s("noise", LEAD, "宿舍 1 栋", "宿舍 1 栋旁夜间装卸噪音大"),
    _s("facility_fault", ENG, "食堂", "食堂排烟风机异响，午餐时段油烟外溢"),
    _s("other", LEAD, "园区班车站", "希望早班车增加一班"),
    _s("cleanliness", CLEAN, "垃圾中转点", "垃圾中转点分类桶破损，污水外流"),
    _s("fire_hazard", SEC, "3 号厂房", "3 号厂房室内消火栓被货架遮挡", "important"),
)
HOSPITAL = (
    _s("fire_hazard", SEC, "4 号楼住院部 6 层", "4 号楼住院部 6 层安全出口堆放轮椅", "important"),
    _s("cleanliness", CLEAN, "门诊楼一层卫生间", "门诊楼一层卫生间异味，甲方后勤处转办"),
    _s("facility_fault", ENG, "住院部 3 号电梯", "住院部 3 号电梯轿厢照明闪烁"),
    _s("lift_entrapment", ENG, "门诊楼 2 号电梯", "门诊楼 2 号电梯困人 11 分钟，两人安全救出", "major", "urgent"),
    _s("cleanliness", CLEAN, "住院部 9 层", "住院部 9 层病区走廊地面湿滑，未放警示牌"),
    _s("parking", SEC, "急诊通道", "急诊通道被网约车占用，救护车进出不畅", "important"),
    _s("facility_fault", ENG, "住院部 11 层", "住院部 11 层病房空调不制冷，护士长多次报修"),
    _s("service_attitude", LEAD, "门诊楼咨询台", "运送员对家属态度不耐烦"),
    _s("water_leak", ENG, "医技楼负一层", "医技楼负一层设备间顶板滴水"),
    _s("other", LEAD, "门诊楼大厅", "希望门诊大厅增加轮椅借用点"),
    _s("water_power_outage", ENG, "住院部 5 层", "住院部 5 层护士站插座断电，监护仪改用电池", "major"),
    _s("cleanliness", CLEAN, "急诊抢救室外", "急诊抢救室外座椅血渍未及时消毒"),
    _s("noise", LEAD, "住院部 7 层", "住院部 7 层隔壁改造施工影响病人午休"),
    _s("public_order", SEC, "门诊楼三层", "门诊楼三层有人兜售号源", "important"),
    _s("facility_fault", ENG, "手术室走廊", "手术室走廊自动门感应失灵"),
    _s("parking", SEC, "地下停车场", "地下停车场出口缴费机故障，排队半小时"),
    _s("water_leak", ENG, "住院部 10 层", "住院部 10 层病房卫生间地漏返水"),
    _s("cleanliness", CLEAN, "医疗废物暂存点外", "医疗废物暂存点外围保洁与转运时间冲突"),
    _s("greening", GREEN, "康复花园", "康复花园步道落叶湿滑"),
    _s("service_attitude", LEAD, "住院部服务台", "陪护床租借手续解释不清，家属往返三次"),
    _s("facility_fault", ENG, "门诊楼自助机区", "门诊楼自助机区空调出风口滴水"),
    _s("fire_hazard", SEC, "行政楼楼梯间", "行政楼楼梯间常闭式防火门被楔住", "important"),
    _s("charges", LEAD, "停车收费处", "住院病人家属停车优惠未按公示执行"),
    _s("renovation", LEAD, "医技楼二层", "医技楼二层改造未做防尘隔离"),
    _s(
        "lift_entrapment",
        ENG,
        "住院部 1 号电梯",
        "住院部 1 号电梯停在 3、4 层之间，一名护工被困",
        "important",
        "urgent",
    ),
    _s("other", LEAD, "食堂", "希望夜班职工餐延长到 23:00"),
)

AGAINST_STAFF = _s("service_attitude", LEAD, "客服前台", "前台接待语气生硬，推诿三次未受理诉求")
AGAINST_MANAGER = _s("service_attitude", LEAD, "项目管理处", "多次约见项目经理未获答复，承诺的整改未兑现", "important")

PEOPLE = ("王女士", "李先生", "张女士", "刘先生", "陈女士", "杨先生", "赵女士", "黄先生", "周女士", "吴先生")
CHANNELS = ("phone", "phone", "phone", "online", "online", "on_site", "written")

SOLUTIONS = {
    "lift_entrapment": (
        "equipment",
        "门机皮带打滑 ← 半月保养漏项 ← 维保计划未逐台核对",
        "更换门机皮带，同型电梯全部排查",
    ),
    "water_power_outage": (
        "equipment",
        "控制柜接触器烧蚀 ← 未按期更换 ← 备件台账缺失",
        "更换接触器并恢复供电供水，补建备件台账",
    ),
    "fire_hazard": ("process", "通道堆物 ← 巡查未覆盖 ← 路线图过期", "当场清理，更新巡查路线，每日复查一周"),
    "public_order": ("staff", "夜间漏岗 ← 排班不足 ← 请假未补位", "补岗并加装门禁，夜间每小时巡查"),
    "water_leak": ("equipment", "接头老化 ← 未列入检查 ← 检查表缺项", "更换接头并试水 24 小时，检查表补项"),
    "facility_fault": ("equipment", "部件磨损 ← 保养周期过长 ← 使用量增加未调整", "更换部件，保养周期缩短为每月"),
    "cleanliness": ("contractor", "清运漏点 ← 交接不清 ← 早班无签到", "当日清理消杀，与保洁单位重订班次"),
    "noise": ("third_party", "施工超时 ← 告知不到位 ← 未现场核验", "制止施工并书面告知，午休时段每日巡查"),
    "parking": ("process", "外来车长停 ← 道闸白名单过期 ← 无人维护", "联系车主驶离，白名单每周核对"),
    "charges": ("process", "重复扣款 ← 代扣批次重跑 ← 无对账", "退回重复款项，代扣后次日对账"),
    "service_attitude": ("staff", "答复生硬 ← 不清楚流程 ← 未培训", "当面致歉，全员复训接待流程"),
    "greening": ("process", "修剪滞后 ← 计划未含高枝 ← 无登高作业安排", "安排登高车修剪，列入季度计划"),
    "renovation": ("communication", "乱堆垃圾 ← 未告知堆放点 ← 装修须知过期", "当日清运，更新装修须知并重新签收"),
    "other": ("communication", "需求未登记 ← 无收集渠道", "已列入改进清单，按月公示进展"),
}
