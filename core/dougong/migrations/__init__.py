"""The database's shape over time: one Alembic tree for the core and one for each plugin, each with its own version table.

Owns running, writing and comparing migrations. Does not make roles or databases (``tenancy.install`` does), and
goes one way only: what a migration did wrong is mended by the next one, or by restoring a backup.
"""
