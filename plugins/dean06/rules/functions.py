"""Functions of the columnar engine: what rules and core SQL call there, one file each; and the
variables that rules name.

``include/sql/scan/<name>.sql`` defines macro ``core.<name>``, with the meaning that the function of
that name has in the warehouse.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from dean06 import settings
from dean06.rules.compiled import ScanRule
from dean06.rules.variables import values
from dean06.warehouse import sql_file

_VARIABLE = re.compile(r"getvariable\('([^']+)'\)")


def define(connection: DuckDBPyConnection) -> None:
    """Make the functions known to a connection."""
    connection.execute("create schema if not exists core")
    for path in sorted((settings.SQL / "scan").glob("*.sql")):
        connection.execute(sql_file(path.relative_to(settings.SQL)))


def named(rules: Sequence[ScanRule]) -> list[str]:
    """The variables that rules name."""
    text = "".join(f"{rule.broken}{rule.look}" for rule in rules)
    return sorted({*_VARIABLE.findall(text)})


def give(
    connection: DuckDBPyConnection, rules: Sequence[ScanRule], parameters: Mapping[str, Any]
) -> None:
    """Set the variables that rules name; ``parameters``: see ``variables.values``."""
    for name, value in values(parameters, named(rules)).items():
        connection.execute(f'set variable "{name}" = $1', [value])
