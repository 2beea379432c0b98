"""Records corrected by a steward, and the loads that take them over."""

from pathlib import Path

from alembic import op

revision = "0016_replay"
down_revision = "0015_pages"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
