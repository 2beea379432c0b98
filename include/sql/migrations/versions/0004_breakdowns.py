"""KPI values by member of a breakdown: procedure, owner, station, verdict …"""

from pathlib import Path

from alembic import op

revision = "0004_breakdowns"
down_revision = "0003_mart"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
