"""Compiler: suites as the engines evaluate them, as Great Expectations understands them.

``ahead`` runs this module in a process of its own: requests from standard input, answers to
standard output, as JSON.
"""

import os
import sys
from typing import Any

import great_expectations as gx
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from dean06.errors import ContractError
from dean06.rules import conditions
from dean06.rules.ahead import Answer, Request
from dean06.rules.columns import written
from dean06.rules.compiled import CompiledSuite, ScanRule
from dean06.rules.conditions import RowRule
from dean06.rules.engine import check
from dean06.rules.sizes import measured
from dean06.rules.variables import parameters


def compiled(request: Request) -> CompiledSuite:
    """What Great Expectations makes of a suite.

    Raises ContractError naming the rule that it does not know, cannot put into SQL, or that has no
    known spelling in the engine.
    """
    check(request.suite)
    kind: sa.types.TypeEngine[Any] = sa.Text() if request.dialect == "duckdb" else sa.Numeric()
    columns = dict.fromkeys(request.columns, kind)
    rules = conditions.read(columns, request.suite, parameters(request.spans))
    spelled = tuple(_spelled(request, rule) for rule in rules)
    if request.dialect == "duckdb":
        spelled = measured(request.columns, spelled)
    return CompiledSuite(request.suite.name, gx.__version__, spelled)


def _spelled(request: Request, rule: RowRule) -> ScanRule:
    if request.dialect == "duckdb":
        return written(request.suite, rule)
    # With another style of parameters SQLAlchemy would double every percent sign.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    broken = rule.broken.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return ScanRule(rule.number, rule.code, rule.is_critical, str(broken), None, rule.column)


def answer(request: Request) -> Answer:
    """A compiled suite, or why it is refused."""
    try:
        return Answer(compiled(request))
    except ContractError as error:
        return Answer(refused=str(error))


def main() -> None:
    """Answer all requests."""
    # What libraries print must not stand among the answers.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        requests = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Request])
        answers.write(msgspec.json.encode([answer(request) for request in requests]))


if __name__ == "__main__":
    main()
