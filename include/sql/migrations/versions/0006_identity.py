"""Identity verification: match keys, verdicts with history, candidates, which loads are covered."""

from pathlib import Path

from alembic import op

revision = "0006_identity"
down_revision = "0005_procedures"


def upgrade() -> None:
    """Run the SQL files beside this one: functions first, then tables."""
    for name in ("0006_identity_functions.sql", "0006_identity.sql"):
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
            Path(__file__).with_name(name).read_text(encoding="utf-8")
        )
