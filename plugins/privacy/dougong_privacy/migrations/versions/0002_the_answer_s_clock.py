"""The time to answer is a clock: what it remembers, whether it was late; days are working days from now on.

Open requests keep the day that was promised. Steps that lie behind are taken as done; the calendar's recomputation, which is
due at once, fills in the length.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op
from dougong import each_company
from sqlalchemy.dialects import postgresql

revision = "privacy_0002"
down_revision = "privacy_0001"
branch_labels = None
depends_on = None

OPEN = """SELECT tenant_id, id, site_id, received_at, created_at, due_by, answered_at, extended FROM privacy.request
 WHERE status IN ('registered', 'verifying', 'working') AND due_by IS NOT NULL"""
WRITE = """UPDATE privacy.request SET timing = :timing, answer_late = :late WHERE tenant_id = :tenant AND id = :id"""
DUE = """INSERT INTO platform.due (tenant_id, kind, id, due_at) VALUES (:tenant, :kind, :id, :at)
 ON CONFLICT (tenant_id, kind, id) DO UPDATE SET due_at = excluded.due_at"""
LATE = "UPDATE privacy.request SET answer_late = true WHERE tenant_id = :tenant AND answered_at > due_by"
# A calendar month has about 21 working days: what a company has set means about the same.
SETTING = """UPDATE core.setting SET value = jsonb_set(value, '{answer_days}',
 to_jsonb(greatest(1, round((value->>'answer_days')::numeric * 5 / 7)::int)))
 WHERE tenant_id = :tenant AND module = 'privacy' AND value ? 'answer_days'"""
STEPS = (("remind_0.8", -0.2), ("overdue", 0.0), ("escalate_1", 0.0), ("escalate_2_0.5", 0.5))


def upgrade() -> None:
    late: sa.Column[bool] = sa.Column("answer_late", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("request", late, schema="privacy")
    op.alter_column("request", "answer_late", server_default=None, schema="privacy")
    memory = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    op.add_column("request", sa.Column("timing", memory, nullable=True), schema="privacy")
    connection, now = op.get_bind(), dt.datetime.now(dt.UTC)
    for tenant in each_company(connection):
        connection.execute(sa.text(LATE), {"tenant": tenant})
        connection.execute(sa.text(SETTING), {"tenant": tenant})
        rows = [_one(row, now) for row in connection.execute(sa.text(OPEN)).mappings()]
        if rows:
            statement = sa.text(WRITE).bindparams(sa.bindparam("timing", type_=postgresql.JSONB()))
            connection.execute(statement, [{k: v for k, v in row.items() if k != "at"} for row in rows])
            for row in rows:
                if row["at"] is not None:
                    given = {"tenant": tenant, "kind": "privacy.request", "id": row["id"], "at": row["at"]}
                    connection.execute(sa.text(DUE), given)
            connection.execute(sa.text(DUE), {"tenant": tenant, "kind": "core.calendar", "id": tenant, "at": now})


def _one(r: Any, now: dt.datetime) -> dict[str, Any]:
    begins, due = r["received_at"] or r["created_at"], r["due_by"]
    made: dict[str, Any] = {"tenant": r["tenant_id"], "id": r["id"], "late": (r["answered_at"] or now) > due, "at": None}
    memory: dict[str, Any] = {"run": 1, "in": True, "from": _iso(begins)}
    if r["answered_at"] is not None:
        return {**made, "timing": {"answer": {**memory, "on": "met", "met": _iso(r["answered_at"])}}}
    ahead = [(due + (due - begins) * share, step) for step, share in STEPS]
    memory |= {"on": "run", "key": [str(r["site_id"]), r["extended"]], "term": [0, 0, False, None, "", _iso(due)]}
    memory["done"] = {step: 1 for at, step in ahead if at <= now}
    made["at"] = min((at for at, _step in ahead if at > now), default=None)
    if made["at"] is not None:
        memory["next"] = _iso(made["at"])
    return {**made, "timing": {"answer": memory}}


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
