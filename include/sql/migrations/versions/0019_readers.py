"""Readers get what is named for them; readers of one province."""

from pathlib import Path

from alembic import op

revision = "0019_readers"
down_revision = "0018_lineage"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
