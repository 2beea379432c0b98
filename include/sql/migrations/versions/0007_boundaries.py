"""Boundaries: units before and after the reform of 2025-07-01, and the crosswalk between them."""

from pathlib import Path

from alembic import op

revision = "0007_boundaries"
down_revision = "0006_identity"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
