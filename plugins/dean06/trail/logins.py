"""Logins, as ledgers name them: ``lan`` in Airflow, ``os:lan`` and ``db:lan`` of a command."""


def person_of(login: str) -> str:
    """The person's name in a login, as the warehouse compares them (``a_second_person_approves``,
    ``two_persons_release``): give people the same name everywhere they log in."""
    return login.strip().lower().removeprefix("os:").removeprefix("db:")
