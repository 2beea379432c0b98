"""Alembic environment: runs the migrations on the connection that ``dean06 migrate`` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="ops", version_table="migration")

with context.begin_transaction():
    context.run_migrations()
