"""What an import may bring of people and their papers that no form asks for: number, state, the day they left.

Accounts are linked here. Whose a paper is, its sheet says by the employee's own number.
"""

from __future__ import annotations

from dougong import Importable

from .records import Certificate, Contract, Employee, Position

employees = Importable(
    Employee,
    fields=("number", "status", "created_at", "left_on", "left_why"),
    aliases={
        "code": ("工号", "员工编号", "员工号", "employee no"),
        "name": ("姓名", "员工姓名", "name"),
        "status": ("在职状态", "员工状态"),
        "employment": ("用工方式", "用工形式", "用工性质"),
        "employer": ("派遣单位", "外包单位", "劳务公司"),
        "department": ("部门", "所属部门"),
        "hired_on": ("入职日期", "入职时间", "到岗日期"),
        "probation_until": ("试用期截止", "试用期至", "转正日期"),
        "identity": ("身份证", "身份证号", "身份证号码", "证件号码"),
        "phone": ("电话", "手机", "手机号", "联系电话"),
        "salary": ("月薪", "月薪(元)", "工资"),  # money in sheets is in yuan
        "left_on": ("离职日期", "离职时间"),
        "left_why": ("离职原因",),
    },
)
positions = Importable(
    Position,
    fields=("number", "created_at"),
    aliases={
        "code": ("岗位编码", "岗位编号"),
        "title": ("岗位", "岗位名称", "职务"),
        "department": ("部门", "所属部门"),
        "headcount": ("编制", "编制人数", "定编"),
        "key": ("关键岗位", "是否关键岗位"),
        "duties": ("职责", "岗位职责"),
    },
)
_WHOSE = ("工号", "员工编号", "员工号", "employee no")
certificates = Importable(
    Certificate,
    fields=("number", "status", "created_at"),
    aliases={
        "employee_id": _WHOSE,
        "type": ("证书类型", "证书名称", "证件类型", "证书种类"),
        "paper": ("证书编号", "证号", "证件编号", "证书号"),
        "issuer": ("发证机关", "发证单位", "颁发机构"),
        "issued_on": ("发证日期", "领证日期", "取证日期"),
        "ends_on": ("有效期至", "有效期", "到期日期", "证书有效期", "复审日期"),
    },
)
contracts = Importable(
    Contract,
    fields=("number", "status", "created_at"),
    aliases={
        "employee_id": _WHOSE,
        "nature": ("合同类型", "合同期限类型", "合同性质"),
        "paper": ("合同编号", "合同号"),
        "signed_on": ("签订日期", "签订时间"),
        "starts_on": ("合同开始日期", "起始日期", "开始日期", "合同起始日"),
        "ends_on": ("合同结束日期", "合同到期日", "终止日期", "到期日期", "合同终止日"),
    },
)

__all__ = ["certificates", "contracts", "employees", "positions"]
