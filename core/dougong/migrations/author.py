"""Migrations written from the declaration, and the difference between the two.

Alembic compares tables, columns, indexes and constraints; what it never sees (row security, policy, grants) is written
along with every new table here and compared by ``tenancy.audit``. A policy or grant is changed by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.types import TypeDecorator

from ..plugins.registry import Registry
from ..tenancy.stored import KINDS, POLICY, companions
from .layout import wrapped
from .runner import apply, owned
from .trees import CORE, Tree, core_tree, options, plugin_tree, trees

_FILE = '''"""{message}"""

{imports}

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None
{tenant}

def upgrade() -> None:
{body}
'''


def write_migration(registry: Registry, name: str, message: str, owner_address: str) -> Path | None:
    """Write what separates the declaration of a module from its migrations as its next migration file.

    What is pending is run for the comparison and rolled back with it.

    :param name: the module, or ``core``.
    :param message: what changes, in a few words; it becomes docstring and file name.
    :param owner_address: libpq URI of the owner of a development database.
    :return: the file; None if there is nothing to write.
    :raises KeyError: no such module.
    """
    tree = core_tree() if name == CORE else plugin_tree(name, registry.modules[name].package)
    with owned(owner_address) as connection:
        for each in trees(registry):
            apply(connection, each)
        context = _context(connection, tree)
        found = produce_migrations(context, tree.metadata)  # type: ignore[arg-type]
        upgrade = found.upgrade_ops
        if upgrade is None or upgrade.is_empty():
            connection.rollback()
            return None
        body = "\n".join(line for op in upgrade.ops for line in _rendered(op, context))
        connection.rollback()
    before = tree.head()
    tree.folder.mkdir(parents=True, exist_ok=True)
    number = max((int(file.name[:4]) for file in tree.folder.glob("[0-9][0-9][0-9][0-9]_*.py")), default=0) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40].strip("_") or "change"
    path = tree.folder / f"{number:04}_{slug}.py"
    path.write_text(_file(message, f"{name}_{number:04}", before, body), encoding="utf-8")
    return path


def drift(registry: Registry, owner_address: str) -> list[str]:
    """What the declarations of all modules say and their migrations do not make, one line a difference."""
    found = [
        f"{loaded.name}: {kind} is declared outside the module's own schema"
        for loaded in registry.modules.values()
        for kind, cls in KINDS.items()
        if f"{cls.__module__}.".startswith(f"{loaded.package}.") and kind.partition(".")[0] != loaded.name
    ]
    with owned(owner_address) as connection:
        for tree in trees(registry):
            if not tree.declares_tables() and tree.head() is None:
                continue
            differences = compare_metadata(_context(connection, tree), tree.metadata)  # type: ignore[arg-type]
            found += [f"{tree.name}: {_described(item)}" for item in differences]
    return found


def _context(connection: sa.Connection, tree: Tree) -> MigrationContext:
    return MigrationContext.configure(connection, opts={**options(tree), "render_item": _render_item})


def _render_item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, TypeDecorator):  # types of ours may change, files not
        inner = item.impl_instance
        prefix = "postgresql" if type(inner).__module__.startswith("sqlalchemy.dialects") else "sa"
        return f"{prefix}.{inner!r}"
    return False


def _rendered(op: ops.MigrateOperation, context: MigrationContext) -> list[str]:
    rendered = render_python_code(
        ops.UpgradeOps([op]),
        render_item=_render_item,
        migration_context=context,
    )
    lines: list[str] = []
    for line in rendered.splitlines():
        if line.lstrip().startswith("op."):
            lines.append(f"    {line.strip()}")
        elif lines and line.strip() and not line.lstrip().startswith("#"):
            lines[-1] += line.strip() + (" " if line.rstrip().endswith(",") else "")
    tables = op.ops if isinstance(op, ops.ModifyTableOps) else [op]
    for made in tables:
        if isinstance(made, ops.AddColumnOp) and not (made.column.nullable or made.column.server_default):
            lines.insert(
                0, f"    # {made.table_name}.{made.column.name}: rows that exist need a value (dougong.each_company)."
            )
        if isinstance(made, ops.CreateTableOp) and (owner := KINDS.get(f"{made.schema}.{made.table_name}")):
            for statement in companions(owner):
                mark = "f" if POLICY in statement else ""
                lines.append(f'    op.execute({mark}"{statement.replace(POLICY, "{TENANT}")}")')
    return lines


def _file(message: str, revision: str, down: str | None, body: str) -> str:
    imports = ["from alembic import op"]
    if "sa." in body:
        imports.insert(0, "import sqlalchemy as sa")
    if "postgresql." in body:
        imports.append("from sqlalchemy.dialects import postgresql")
    return wrapped(
        _FILE.format(
            message=message.replace("\\", "/").replace('"', "'"),
            imports="\n".join(imports),
            revision=revision,
            down="None" if down is None else f'"{down}"',
            tenant=f'\nTENANT = "{POLICY}"\n' if "{TENANT}" in body else "",
            body=body,
        )
    )


def _described(item: Any) -> str:
    if isinstance(item, list):
        return "; ".join(_described(one) for one in item)
    kind, *rest = item
    return f"{kind} {' '.join(str(part) for part in rest if not isinstance(part, dict))}"
