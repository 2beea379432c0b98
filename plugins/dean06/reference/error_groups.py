"""The eight groups of errors: to which one every rule and every verdict belongs.

Source: ``include/reference/error_groups.csv`` and ``error_group_codes.csv``, which say how sure the
groups are.
"""

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase

from dean06 import settings
from dean06.errors import ContractError
from dean06.reference.rows import ErrorGroupCode
from dean06.reference.tables import error_group_codes, error_groups, members

_FILE = "error_group_codes.csv"
VERIFIED = ("verified", "verified_after_normalisation", "verified_by_name")
"""The verdicts that are no error."""
DECEASED = "deceased"
"""The verdict that KPIs count apart, so that no breakdown has it as a member."""


def rules() -> dict[str, str]:
    """Every rule of the suites of datasets, with a suite that asks it."""
    found: dict[str, str] = {}
    for path in sorted(settings.EXPECTATIONS.glob("*/*.json")):
        suite = json.loads(path.read_text(encoding="utf-8"))
        where = f"expectations/{path.parent.name}/{path.name}"
        found |= {each["meta"]["rule"]: where for each in suite["expectations"]}
    return found


def verdicts() -> list[str]:
    """Every result of identity verification that is an error."""
    listed = [each.member_code for each in members() if each.breakdown == "verdict"]
    return [DECEASED, *(code for code in listed if code not in VERIFIED)]


def mapping() -> list[ErrorGroupCode]:
    """The group of every rule and verdict there is.

    Raises ContractError naming the rule or verdict that has no group or several, and the file.
    """
    known, rows = {group.group_code for group in error_groups()}, error_group_codes()
    for row in rows:
        if row.group_code not in known:
            raise ContractError(f"{_FILE}: {row.kind} {row.code}: no group {row.group_code}")
    return [
        *(_placed("rule", rule, where, rows) for rule, where in rules().items()),
        *(_placed("verdict", verdict, "members.csv", rows) for verdict in verdicts()),
    ]


def _placed(kind: str, code: str, where: str, rows: Iterable[ErrorGroupCode]) -> ErrorGroupCode:
    listed = [row for row in rows if row.kind == kind]
    fitting = [row for row in listed if row.code == code] or [
        row for row in listed if fnmatchcase(code, row.code)
    ]
    if len(fitting) != 1:
        many = "no group" if not fitting else f"{len(fitting)} groups"
        raise ContractError(
            f"{where}: {kind} {code} has {many}: assign it to one group of error_groups.csv in "
            f"{_FILE}"
        )
    return ErrorGroupCode(kind=fitting[0].kind, code=code, group_code=fitting[0].group_code)
