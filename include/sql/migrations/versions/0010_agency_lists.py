"""Lists that go back to the agencies: what they are made from, and what was written."""

from pathlib import Path

from alembic import op

revision = "0010_agency_lists"
down_revision = "0009_publications"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
