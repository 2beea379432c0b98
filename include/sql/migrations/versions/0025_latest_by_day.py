"""Questions about a day read that day only."""

from pathlib import Path

from alembic import op

revision = "0025_latest_by_day"
down_revision = "0024_person_tokens"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
