"""What an installation has done before: a second ``make run`` syncs nothing that is there."""

from datetime import date

from sqlalchemy import create_engine, text


def last_day(dsn: str) -> date | None:
    """The newest day that a warehouse has data of; None before its first KPIs are published."""
    engine = create_engine(dsn, hide_parameters=True)
    try:
        with engine.connect() as connection:
            found: date | None = connection.execute(
                text(
                    """select max(day) from ops.load
                       where status = 'published' and exists (select from mart.kpi_publication)"""
                )
            ).scalar_one()
            return found
    finally:
        engine.dispose()
