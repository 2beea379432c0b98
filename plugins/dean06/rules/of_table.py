"""Rules about a table as a whole. Does not need Great Expectations.

Great Expectations says which queries such a rule needs and what their answers come to, in a process
of its own (``judge``); the columnar engine of this one answers them.
"""

import subprocess
from collections.abc import Sequence
from typing import IO, Any

import duckdb
import msgspec
from duckdb import DuckDBPyConnection

from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.rules.ahead import command, environment
from dean06.rules.compiled import staged_columns
from dean06.rules.suite import Rule

_JUDGE = "dean06.rules.judge"


class Question(msgspec.Struct, frozen=True):
    """A rule, and the columns of the table that it is about."""

    dataset: str
    columns: tuple[str, ...]
    rule: Rule


class Message(msgspec.Struct, frozen=True):
    """What the judge says: a query that it needs the rows of, or at last whether the rule is kept;
    neither when it could not be evaluated."""

    query: str | None = None
    is_kept: bool | None = None


def keeps(connection: DuckDBPyConnection, dataset: Dataset, rule: Rule) -> bool:
    """Whether view ``staged`` meets a rule about the table as a whole.

    Raises ContractError naming the rule when it cannot be evaluated.
    """
    question = Question(dataset.code, staged_columns(dataset), rule)
    found: bool | None = None
    with subprocess.Popen(
        command(_JUDGE), env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        try:
            found = _judged(connection, question, child.stdin, child.stdout)
        except duckdb.Error:
            child.kill()
    if found is None:
        # What went wrong may quote row values: name the rule only.
        raise ContractError(detail("rule_not_evaluated", dataset=dataset.code, rule=rule.code))
    return found


def _judged(
    connection: DuckDBPyConnection, question: Question, questions: Any, messages: Any
) -> bool | None:
    send(questions, question)
    for line in messages:
        message = msgspec.json.decode(line, type=Message)
        if message.query is None:
            return message.is_kept
        send(questions, connection.execute(message.query).fetchall())
    return None


def send(stream: IO[bytes], message: Message | Question | Sequence[Any]) -> None:
    """Write one message as a line of JSON."""
    stream.write(msgspec.json.encode(message) + b"\n")
    stream.flush()
