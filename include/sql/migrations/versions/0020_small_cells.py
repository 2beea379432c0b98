"""Values that tell of few persons are published without their numbers."""

from pathlib import Path

from alembic import op

revision = "0020_small_cells"
down_revision = "0019_readers"


def upgrade() -> None:
    """Run the SQL files beside this one: tables, then views."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for name in ("0020_small_cells.sql", "0020_small_cells_views.sql"):
        bind.exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))
