"""What a role can reach in the warehouse: so that nobody finds a citizen by a grant too many."""

from dataclasses import dataclass

from dean06 import roles
from dean06.warehouse import sql_file, transaction

BI, PROVINCIAL_BI = "dean06_bi", "dean06_bi_province"
"""Roles of readers: of all provinces, and of those that their logins are assigned to."""
ANALYST = "dean06_analyst"
"""Role of readers of facts: rows about individuals, by token."""


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege on one object: ``relation mart.kpi_latest: select``."""

    kind: str
    name: str
    privilege: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.privilege}".replace(" : ", ": ")


def reachable(role: str) -> list[Grant]:
    """Everything that ``role`` can reach: relations, columns, sequences, functions, schemas, roles
    it may become, what everybody has, and what it will have of objects that are made tomorrow."""
    with transaction() as session:
        rows = session.rows(sql_file("privacy/reachable.sql"), role=roles.named(role))
    return [Grant(row.kind, row.name, row.privilege) for row in rows]
