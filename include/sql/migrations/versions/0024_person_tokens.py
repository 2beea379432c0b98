"""Persons by token, days as a dimension, and a role for rows about single persons."""

from pathlib import Path

from alembic import op

revision = "0024_person_tokens"
down_revision = "0022_retention"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
