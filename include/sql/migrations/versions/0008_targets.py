"""Targets of KPIs and how values stand to them; fingerprints of definitions; views of services."""

from pathlib import Path

from alembic import op

revision = "0008_targets"
down_revision = "0007_boundaries"


def upgrade() -> None:
    """Run the SQL files beside this one."""
    for name in ("0008_targets.sql", "0008_services.sql"):
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
            Path(__file__).with_name(name).read_text(encoding="utf-8")
        )
