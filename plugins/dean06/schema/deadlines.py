"""Working days and deadlines of corrections, from ``include/reference`` into the warehouse."""

from dean06.reference import calendar, tables
from dean06.warehouse import Session


def store(session: Session) -> None:
    """Make ``ops.calendar_day`` and ``ops.correction_deadline`` what the files say.

    Raises ContractError naming the file that cannot be right.
    """
    days = list(calendar.days(tables.public_holidays()))
    holidays = [each.holiday for each in days]
    session.run("delete from ops.calendar_day")
    session.run(
        """insert into ops.calendar_day
           select * from unnest(
               cast(:days as date []), cast(:working as boolean []), cast(:numbers as integer []),
               cast(:vi as text []), cast(:en as text []), cast(:sources as text []))""",
        days=[each.day for each in days],
        working=[each.is_working for each in days],
        numbers=[each.working_no for each in days],
        vi=[each and each.name_vi for each in holidays],
        en=[each and each.name_en for each in holidays],
        sources=[each and each.source for each in holidays],
    )
    rows = tables.correction_deadlines()
    columns = rows[0].__struct_fields__
    session.run("delete from ops.correction_deadline")
    session.run(
        f"""insert into ops.correction_deadline ({", ".join(columns)})
            select * from unnest(
                cast(:kind as text []), cast(:code as text []), cast(:severity as text []),
                cast(:working_days as integer []), cast(:name_en as text []),
                cast(:name_vi as text []))""",
        **{name: [getattr(row, name) for row in rows] for name in columns},
    )
