"""What an import may bring of a work order that no form asks for: its number, state, times, and what was done."""

from __future__ import annotations

from dougong import Importable

from .records import Order

importable = Importable(
    Order,
    fields=(
        "number", "status", "created_at", "updated_at", "reported_at", "accepted_at", "arrived_at", "finished_at",
        "passed_at", "closed_at", "owner_id", "done_by", "result", "minutes", "rating", "reworks", "returns", "cost", "agreed",
        "permit_number",
    ),
    aliases={
        "number": ("工单号", "单号", "报修单号", "order no", "ticket"),
        "created_at": ("登记时间", "created", "date"),
        "reported_at": ("报修时间", "报单时间"),
        "status": ("工单状态", "处理状态", "state"),
        "closed_at": ("关闭时间", "办结时间", "closed"),
        "finished_at": ("完工时间", "完成时间", "维修完成时间"),
        "nature": ("工单类型", "报修类型", "type"),
        "category": ("报修类别", "维修类别", "类别"),
        "trade": ("工种", "专业"),
        "title": ("报修内容", "维修内容", "事项", "标题"),
        "statement": ("描述", "详细描述", "description"),
        "location": ("地点", "位置", "地址", "房号", "address"),
        "reporter": ("报修人", "姓名", "业主姓名", "name"),
        "phone": ("电话", "手机", "手机号", "联系电话", "mobile", "tel"),
        "owner_id": ("维修人", "处理人", "接单人"),
        "result": ("处理结果", "维修结果"),
        "cost": ("材料费", "材料费(分)"),
    },
)  # fmt: skip
