"""The clocks of complaints are the core's: what they remember, where they go up, and the leaders' receipt.

Running clocks go on from where they were. Points that lie behind are taken as done, so that nobody is told at once of all that
has ever been late; the calendar's recomputation, which is due at once, puts right what is only estimated here.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from dougong import each_company
from sqlalchemy.dialects import postgresql

revision = "complaints_0005"
down_revision = "complaints_0004"
branch_labels = None
depends_on = None

BATCH = 500
RESOLVING = ("registered", "accepted", "working")
ACTIVE = (*RESOLVING, "held")
# As of this migration: first contact in minutes, then hours or working days; whether always urgent.
CATEGORIES: dict[str, tuple[int, float | None, int | None]] = {
    "lift_entrapment": (5, 2, None), "water_power_outage": (15, 8, None), "fire_hazard": (15, 24, None),
    "public_order": (15, 24, None), "water_leak": (30, 24, None), "facility_fault": (30, 48, None),
    "cleanliness": (30, 24, None), "noise": (30, 48, None), "parking": (30, 48, None), "charges": (120, None, 5),
    "service_attitude": (60, None, 3), "greening": (120, None, 7), "renovation": (120, None, 7), "other": (120, None, 7),
}  # fmt: skip
STEPS = (("remind_0.8", -0.2), ("overdue", 0.0), ("escalate_1", 0.0), ("escalate_2_0.5", 0.5), ("escalate_3_1", 1.0))
CLIMB = (("call", 0.0), ("late", 0.0), *((f"climb_{n + 1}", float(n)) for n in range(12)))
OPEN = """SELECT * FROM complaints.complaint WHERE status = ANY(:open) AND NOT imported AND id > :after ORDER BY id LIMIT :many"""
WRITE = """UPDATE complaints.complaint SET timing = CAST(:timing AS jsonb), contact_late = :contact_late,
 resolve_late = :resolve_late, progress_late = :progress_late, visit_late = :visit_late, receipt_by = :receipt_by
 WHERE tenant_id = :tenant AND id = :id"""
DUE = """INSERT INTO platform.due (tenant_id, kind, id, due_at) VALUES (:tenant, 'complaints.complaint', :id, :at)
 ON CONFLICT (tenant_id, kind, id) DO UPDATE SET due_at = excluded.due_at"""
ANEW = """INSERT INTO platform.due (tenant_id, kind, id, due_at) VALUES (:tenant, 'core.calendar', :tenant, :at)
 ON CONFLICT (tenant_id, kind, id) DO UPDATE SET due_at = excluded.due_at"""
ANSWERED = """UPDATE complaints.complaint c SET answered_at = a.at FROM (SELECT parent_id, max(at) AS at
 FROM complaints.answer WHERE tenant_id = :tenant GROUP BY parent_id) a
 WHERE c.tenant_id = :tenant AND c.id = a.parent_id AND c.status = 'visit' AND a.at >= c.resolved_at"""
TOLD = """UPDATE complaints.complaint c SET leaders_told_at = e.at FROM (SELECT parent_id, min(at) AS at
 FROM complaints.escalation WHERE tenant_id = :tenant AND route = 'leaders' GROUP BY parent_id
 HAVING count(acknowledged_at) = 0) e
 WHERE c.tenant_id = :tenant AND c.id = e.parent_id AND c.status = ANY(:open) AND NOT c.imported"""


def upgrade() -> None:
    when = sa.DateTime(timezone=True)
    for name in ("answered_at", "leaders_told_at", "receipt_by"):
        op.add_column("complaint", sa.Column(name, when, nullable=True), schema="complaints")
    late: sa.Column[bool] = sa.Column("receipt_late", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("complaint", late, schema="complaints")
    op.alter_column("complaint", "receipt_late", server_default=None, schema="complaints")
    memory = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    op.add_column("complaint", sa.Column("timing", memory, nullable=True), schema="complaints")
    op.add_column("escalation", sa.Column("level", sa.BigInteger(), nullable=True), schema="complaints")
    _remember(op.get_bind(), dt.datetime.now(dt.UTC))
    for name in ("reckoned", "held_seconds", "progress_from", "resolve_from"):
        op.drop_column("complaint", name, schema="complaints")


def _remember(connection: sa.Connection, now: dt.datetime) -> None:
    """Fill the memory of open complaints, company by company, in batches."""
    for tenant in each_company(connection):
        given: dict[str, Any] = {"tenant": tenant, "open": [*ACTIVE, "visit"]}
        connection.execute(sa.text(ANSWERED), {"tenant": tenant})
        connection.execute(sa.text(TOLD), given)
        settings = connection.scalar(
            sa.text("SELECT value FROM core.setting WHERE tenant_id = :tenant AND module = 'complaints'"), given
        )
        any_one = False
        for rows in _batches(connection, given["open"]):
            made = [_one(row, settings or {}, now) for row in rows]
            connection.execute(sa.text(WRITE).bindparams(sa.bindparam("timing", type_=sa.JSON)), made)
            running = [{"tenant": one["tenant"], "id": one["id"], "at": one["next"]} for one in made if one["next"]]
            if running:
                connection.execute(sa.text(DUE), running)
            any_one = True
        if any_one:
            connection.execute(sa.text(ANEW), {"tenant": tenant, "at": now})


def _batches(connection: sa.Connection, states: list[str]) -> Iterator[list[Any]]:
    after = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(sa.text(OPEN), {"open": states, "after": after, "many": BATCH}).mappings().all():
        yield list(rows)
        after = rows[-1]["id"]


def _one(c: Any, settings: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """The new values of one complaint."""
    clocks = dict(_clocks(c, settings))
    values: dict[str, Any] = {"tenant": c["tenant_id"], "id": c["id"], "receipt_by": None, "next": None}
    timing: dict[str, Any] = {}
    for name, (memory, due, steps) in clocks.items():
        late = "resolve_late" if name == "resolution" else f"{name}_late"
        values[late] = c[late]
        timing[name] = memory
        if memory["on"] != "run" or due is None:
            continue
        values[late] = c[late] or due < now
        length = due - dt.datetime.fromisoformat(memory["from"])
        ahead = [(due + length * share, step) for step, share in steps]
        memory["done"] = {step: 1 for at, step in ahead if at <= now}
        if following := min((at for at, _step in ahead if at > now), default=None):
            memory["next"] = _iso(following)
            values["next"] = min(values["next"] or following, following)
    if c["leaders_told_at"] is not None:
        values["receipt_by"] = clocks["receipt"][1]
    return {**values, "timing": timing}


def _clocks(c: Any, settings: dict[str, Any]) -> Iterator[tuple[str, tuple[dict[str, Any], Any, Any]]]:
    """Each clock's memory, when it is due, and its steps."""
    state, always, site = c["status"], c["urgency"] == "urgent", str(c["site_id"])
    minutes, hours, days = _lengths(c["category"], settings)
    pressing = always or c["severity"] == "major"
    contact = {"key": [site, c["category"], c["urgency"]], "term": _pack(minutes / 60, 0, always)}
    yield "contact", (_memory(c, contact, True, "registered_at", "contacted_at"), c["contact_by"], STEPS)
    fixed = c["government_deadline"]
    share = {"important": "important_share", "major": "major_share"}.get(c["severity"], "")
    share_of = float(settings.get(share, 1.0)) if share else 1.0
    whole = days and max(1, round(days * share_of))
    term = [0, 0, always, None, "", _iso(fixed)] if fixed else _pack((hours or 0) * share_of, whole, always)
    key = [site, c["category"], c["urgency"], c["severity"], _iso(fixed) if fixed else None]
    resolving = _memory(c, {"key": key, "term": term}, state in ACTIVE, "resolve_from", "resolved_at")
    if c["held_seconds"]:
        resolving["sum"] = c["held_seconds"] / 3600
    if c["holds"]:
        resolving["n"] = c["holds"]
    if state == "held" and resolving["on"] == "run":
        resolving |= {"on": "held", "since": _iso(c["held_at"] or c["updated_at"])}
    yield "resolution", (resolving, c["resolve_by"], STEPS)
    every = settings.get("progress_urgent_hours", 2) if pressing else settings.get("progress_hours", 24)
    told = {"key": [site, c["urgency"], c["severity"]], "term": _pack(every, 0, always)}
    yield "progress", (_memory(c, told, state in ACTIVE, "progress_from", None), c["progress_by"], STEPS)
    visit = {"key": [site, c["urgency"], _iso(c["answered_at"]) if c["answered_at"] else None],
             "term": _pack(settings.get("visit_hours", 48), 0, always)}  # fmt: skip
    owed = state == "visit" and c["visit_by"] is not None
    yield "visit", (_memory(c, visit, owed, "resolved_at", "visited_at"), c["visit_by"], STEPS)
    told_at, wait = c["leaders_told_at"], settings.get("leader_minutes", 30)
    by = told_at + dt.timedelta(minutes=wait) if told_at else None
    receipt = {"key": [site, _iso(told_at) if told_at else None], "term": _pack(wait / 60, 0, True)}
    yield "receipt", (_memory(c, receipt, told_at is not None, "leaders_told_at", None), by, CLIMB)


def _lengths(category: str, settings: dict[str, Any]) -> tuple[int, float | None, int | None]:
    """What the company has set, else the default; seven working days where it has struck the category."""
    own = settings.get("categories")
    if own is None:
        return CATEGORIES.get(category, (120, None, 7))
    found = own.get(category, {"days": 7})
    return found.get("first_contact", 120), found.get("hours"), found.get("days")


def _memory(c: Any, measured: dict[str, Any], inside: bool, start: str, met: str | None) -> dict[str, Any]:
    begins = c[start] or c["created_at"]
    if met and c[met] is not None:
        return {"on": "met", "run": 1, "met": _iso(c[met]), "from": _iso(begins), **({"in": True} if inside else {})}
    if not inside:
        return {"on": "off"}
    hours, days = [*measured["term"], 0, 0][:2]
    return {"on": "run", "in": True, "run": 1, "from": _iso(begins), "span": (hours or 0) + (days or 0) * 8, **measured}


def _pack(hours: float | None, days: int | None, always: bool) -> list[Any]:
    parts: list[Any] = [hours or 0, days or 0, always]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
