"""A tree: whose migrations they are, where the files lie and which schemas and tables they may touch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from ..access import tables as _access  # noqa: F401  (its tables join the metadata)
from ..plugins.registry import Registry
from ..records import attachments as _attachments  # noqa: F401
from ..records import bulk_actions as _bulk_actions  # noqa: F401
from ..records import comments as _comments  # noqa: F401
from ..records import custom as _custom  # noqa: F401
from ..records import retention as _retention  # noqa: F401
from ..records import savedviews as _savedviews  # noqa: F401
from ..records import search as _search  # noqa: F401
from ..records import tables as _records  # noqa: F401
from ..tenancy.stored import Base
from ..tenancy.tables import PLATFORM
from ..timing import tables as _timing  # noqa: F401

CORE = "core"
VERSION_TABLE = "alembic_version"
ENVIRONMENT = Path(__file__).with_name("environment")


@dataclass(frozen=True)
class Tree:
    """One history of migrations.

    :param name: the module's name, ``core`` for the core itself.
    :param folder: where the migration files lie; need not exist for a module without tables.
    :param schemas: the schemas it owns; the first one holds its version table.
    """

    name: str
    folder: Path
    schemas: tuple[str, ...]

    @property
    def metadata(self) -> list[sa.MetaData]:
        """What the tables are compared with. Tables of other trees are in it too, for foreign keys only."""
        return [PLATFORM, Base.metadata] if self.name == CORE else [Base.metadata]

    def declares_tables(self) -> bool:
        """Whether any table is declared in this tree's schemas."""
        return any(table.schema in self.schemas for data in self.metadata for table in data.tables.values())

    def config(self, connection: sa.Connection | None = None) -> Config:
        """The Alembic configuration of this tree, on an open connection if one is needed."""
        config = Config()
        config.set_main_option("script_location", str(ENVIRONMENT).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(self.folder).replace("%", "%%"))
        config.attributes.update(connection=connection, tree=self)
        return config

    def head(self) -> str | None:
        """The newest revision among the files; None where there are none."""
        return ScriptDirectory.from_config(self.config()).get_current_head() if self.folder.is_dir() else None

    def between(self, before: str | None, head: str) -> list[str]:
        """The revisions after ``before`` up to ``head``, oldest first."""
        walked = ScriptDirectory.from_config(self.config()).iterate_revisions(head, before or "base")
        return [script.revision for script in walked][::-1]


def core_tree() -> Tree:
    """The core's own tree: the platform's tables outside companies, and the companies' own."""
    return Tree(CORE, Path(__file__).parent / "core" / "versions", ("platform", "core"))


def plugin_tree(name: str, package: str) -> Tree:
    """The tree of a plugin: ``<package>/migrations/versions``, in the schema named as the module."""
    with _folder_of(package) as root:
        return Tree(name, root / "migrations" / "versions", (name,))


def _folder_of(package: str) -> AbstractContextManager[Path]:
    found = resources.files(package)
    return nullcontext(found) if isinstance(found, Path) else resources.as_file(found)


def trees(registry: Registry) -> Iterator[Tree]:
    """The core's tree, then those of the loaded plugins in the order of their dependencies."""
    yield core_tree()
    for loaded in registry.modules.values():
        if loaded.name != CORE:
            yield plugin_tree(loaded.name, loaded.package)


def options(tree: Tree) -> dict[str, Any]:
    """How Alembic sees this tree: only its schemas, its own version table, one transaction given from outside."""

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "schema" or name in tree.schemas

    def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        if kind != "table":
            return True
        # In schema platform lie the queue's tables too, which are declared nowhere.
        return item.schema in tree.schemas and not (reflected and other is None and item.schema == "platform")

    return {
        "target_metadata": tree.metadata,
        "include_schemas": True,
        "include_name": include_name,
        "include_object": include_object,
        "version_table": VERSION_TABLE,
        "version_table_schema": tree.schemas[0],
        "transaction_per_migration": False,
        "compare_server_default": True,
        "user_module_prefix": None,
    }
