"""The loader keeps the statistics of core."""

from pathlib import Path

from alembic import op

revision = "0017_statistics"
down_revision = "0016_replay"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
