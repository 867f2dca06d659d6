"""What an import may bring of a complaint that no form asks for: its number, state, times, and how it was solved."""

from __future__ import annotations

from dougong import Importable

from .records import Complaint

importable = Importable(
    Complaint,
    fields=(
        "number", "status", "created_at", "updated_at", "registered_at", "contacted_at", "resolved_at", "visited_at",
        "closed_at", "owner_id", "cause", "whys", "solution", "reopened",
    ),
    aliases={
        "number": ("工单号", "投诉编号", "单号", "case no", "ticket"),
        "created_at": ("登记时间", "投诉时间", "来电时间", "created", "date"),
        "status": ("处理状态", "工单状态", "state"),
        "closed_at": ("办结时间", "完成时间", "closed"),
        "complainant_type": ("身份", "投诉人类型", "客户类型"),
        "complainant": ("投诉人", "姓名", "业主姓名", "name"),
        "phone": ("电话", "手机", "手机号", "联系电话", "联系方式", "mobile", "tel"),
        "room": ("房号", "房间号", "室号", "room no"),
        "category": ("投诉类别", "投诉类型", "类型", "type"),
        "location": ("地点", "位置", "地址", "address"),
        "statement": ("投诉内容", "内容", "诉求", "描述", "description"),
        "channel": ("投诉渠道", "来源", "source"),
    },
)  # fmt: skip
