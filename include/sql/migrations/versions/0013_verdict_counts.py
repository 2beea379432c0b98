"""How many records of persons had which outcome, by unit."""

from pathlib import Path

from alembic import op

revision = "0013_verdict_counts"
down_revision = "0010_agency_lists"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
