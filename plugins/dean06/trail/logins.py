"""Logins, as ledgers name them: ``lan`` in Airflow, ``os:lan`` and ``db:lan`` of a command."""

from dean06.warehouse import Session


def is_same_person(session: Session, login: str, other: str) -> bool:
    """Whether one person is behind both, by the function that the warehouse's constraints compare
    with (``ops.person_of``): give people the same name everywhere they log in."""
    row = session.one(
        "select ops.person_of(:login) = ops.person_of(:other) as is_same", login=login, other=other
    )
    return bool(row.is_same)
