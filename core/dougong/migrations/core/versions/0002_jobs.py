"""jobs: Procrastinate's tables and what the core puts round them

The queue's schema is the installed Procrastinate's own. Its version is held to 3.10 by the distribution, so that every
installation gets the same tables; a newer release comes with a migration that runs Procrastinate's. The application's
role has no rights on the queue's tables beyond the columns that a worker polls: it enqueues, takes, finishes and
rescues through functions of the owner, and the company is stamped from the transaction's setting.
"""

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The driver itself: several statements at once, and percent signs that are no parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute("SET LOCAL search_path = platform, pg_temp")
    driver.execute(SchemaManager.get_schema())
    driver.execute(Path(__file__).with_name("0002_jobs.sql").read_text(encoding="utf-8"))
    driver.execute("SET LOCAL search_path TO DEFAULT")
