"""An index that the primary key made superfluous."""

from pathlib import Path

from alembic import op

revision = "0028_one_index_less"
down_revision = "0027_reasons"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
