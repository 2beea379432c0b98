"""Targets of KPIs and how values stand to them; what a definition said when it was stored."""

from pathlib import Path

from alembic import op

revision = "0008_targets"
down_revision = "0006_identity"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
