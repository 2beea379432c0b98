"""Judge: whether a table keeps a rule about it as a whole, as Great Expectations understands it.

``of_table`` runs this module in a process of its own, and answers its queries.
"""

import os
import sys
from collections.abc import Sequence
from typing import IO, Any

import great_expectations as gx
import msgspec
import sqlalchemy as sa
from great_expectations.exceptions import GreatExpectationsError

from dean06.rules import engine
from dean06.rules.described import Described
from dean06.rules.duckdb_sql import compiled
from dean06.rules.of_table import Message, Question, send

_BRIEFLY = {"result_format": "BOOLEAN_ONLY"}


def is_kept(question: Question, questions: IO[bytes], messages: IO[bytes]) -> bool | None:
    """Whether the table keeps the rule; None when that cannot be said."""

    def ask(query: sa.sql.ClauseElement) -> Sequence[Any]:
        send(messages, Message(query=compiled(query)))
        rows: list[list[Any]] = msgspec.json.decode(questions.readline())
        return [tuple(row) for row in rows]

    columns: dict[str, sa.types.TypeEngine[Any]] = dict.fromkeys(question.columns, sa.Text())
    table = Described("staged", columns, {}, ask)
    rules = [msgspec.to_builtins(question.rule)]
    [expectation] = gx.ExpectationSuite(name=question.dataset, expectations=rules).expectations
    try:
        needed = expectation.get_validation_dependencies(table, _BRIEFLY)
        metrics = table.values(needed.get_metric_configurations())
        return bool(expectation.metrics_validate(metrics, _BRIEFLY, table).success)
    except (GreatExpectationsError, KeyError, TypeError, msgspec.MsgspecError):
        return None


def main() -> None:
    """Judge one rule."""
    assert engine.EXPECTATIONS  # noqa: S101  # the import registers them
    # What libraries print must not stand among the messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as messages:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        question = msgspec.json.decode(sys.stdin.buffer.readline(), type=Question)
        send(messages, Message(is_kept=is_kept(question, sys.stdin.buffer, messages)))


if __name__ == "__main__":
    main()
