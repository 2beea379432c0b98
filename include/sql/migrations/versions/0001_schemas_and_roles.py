"""Schemas by layer, and the roles that may enter them."""

from pathlib import Path

from alembic import op

revision = "0001_schemas_and_roles"
down_revision = None


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
