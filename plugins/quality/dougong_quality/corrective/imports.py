"""What an import may bring of nonconformities that no form asks for: number, state, times, and how they ended."""

from __future__ import annotations

from dougong import Importable

from .records import Measure, Nonconformity, Rollout

IMPORTABLE = (
    Importable(
        Nonconformity,
        fields=(
            "number",
            "status",
            "created_at",
            "updated_at",
            "issued_at",
            "contained_at",
            "rectified_at",
            "verified_at",
            "closed_at",
            "cause",
            "root",
            "again",
            "ineffective",
            "extended",
        ),
        aliases={
            "number": ("不合格编号", "不符合编号", "编号", "nc no"),
            "created_at": ("开立日期", "发现日期", "日期", "date"),
            "statement": ("不合格描述", "不符合描述", "不合格事实", "问题描述", "description"),
            "severity": ("性质", "不符合性质", "严重程度", "grade"),
            "source": ("来源", "发现方式", "origin"),
            "clause": ("条款", "标准条款", "clause no"),
            "document": ("文件编号", "不符合文件", "document no"),
            "responsible_id": ("责任人", "负责人", "owner"),
            "due": ("整改期限", "完成期限", "due date"),
            "root": ("原因", "根本原因", "原因分析", "root cause"),
            "closed_at": ("关闭日期", "结案日期", "closed"),
        },
    ),
    Importable(
        Measure,
        fields=("number", "status", "created_at", "updated_at", "result", "done_at"),
        aliases={"text": ("措施", "纠正措施", "整改措施", "action"), "due": ("完成期限", "期限", "due date")},
    ),
    Importable(
        Rollout,
        fields=("number", "status", "created_at", "updated_at", "result", "done_at", "origin"),
        aliases={"text": ("检查内容", "举一反三内容"), "due": ("答复期限", "due date")},
    ),
)
