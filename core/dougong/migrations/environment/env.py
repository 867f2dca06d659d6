"""The Alembic environment of every tree; ``trees.Tree`` hands the connection and the tree over in the config's attributes."""

from alembic import context
from dougong.migrations.trees import options

attributes = context.config.attributes
context.configure(connection=attributes["connection"], **options(attributes["tree"]))
context.run_migrations()
