"""Ahead: suites are compiled before they are needed, each once, and kept in a folder.

Great Expectations says what a suite means, in a process of its own (``compiler``): its import costs
seconds and 160 MB, which no task pays. What it said is kept under the digest of all that it follows
from: the suite, the columns, the versions and the source of the compiler. So an edited suite is
compiled when it is first used, and what an older version said is never used.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Self

import msgspec

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import ContractError, Dean06Error
from dean06.rules import kept
from dean06.rules.compiled import CompiledSuite, staged_columns
from dean06.rules.suite import Suite, read_suite
from dean06.rules.variables import span_counts

Dialect = Literal["duckdb", "postgresql"]
_COMPILER = "dean06.rules.compiler"
_LIBRARIES = ("great_expectations", "sqlalchemy")
_SECONDS = 600
"""After which the compiler is given up."""


class Request(msgspec.Struct, frozen=True):
    """A suite to compile, with all that its meaning follows from."""

    suite: Suite
    columns: tuple[str, ...]
    """Of the relation that the rules are about."""
    dialect: Dialect
    """DuckDB's columns are text, PostgreSQL's numbers."""
    spans: dict[str, int]
    """See ``variables.span_counts``; none for a suite without parameters."""

    @classmethod
    def of_dataset(cls, dataset: Dataset, suite: Suite) -> Self:
        """A suite over the staged records of a dataset, in DuckDB's SQL."""
        return cls(_rules_alone(suite), staged_columns(dataset), "duckdb", span_counts())

    @classmethod
    def of_numbers(cls, suite: Suite) -> Self:
        """A suite without parameters about columns of numbers of a table of the warehouse, in
        PostgreSQL's SQL; the engine refuses a column that the table lacks."""
        columns = sorted({rule.column for rule in suite.expectations})
        return cls(_rules_alone(suite), tuple(columns), "postgresql", {})

    @property
    def digest(self) -> str:
        """Of what is asked, and of whom."""
        asked = msgspec.json.encode(self, order="deterministic")
        return sha256(asked + compiler_version().encode()).hexdigest()


class Answer(msgspec.Struct, frozen=True):
    """What the compiler says of a request: a compiled suite, or why it refuses the suite."""

    compiled: CompiledSuite | None = None
    refused: str = ""


def of_dataset(dataset: Dataset, suite: Suite) -> CompiledSuite:
    """What the suite of a dataset means. Raises as ``compiled``."""
    return compiled(Request.of_dataset(dataset, suite))


def compiled(request: Request) -> CompiledSuite:
    """What a suite means: as kept, or compiled now.

    Raises ContractError naming suite and rule that Great Expectations refuses or cannot put into
    SQL, Dean06Error when the compiler fails.
    """
    found = kept.read(*_name(request), CompiledSuite)
    if found is None:
        [found] = compile_all([request])
    return found


def compile_all(requests: Sequence[Request]) -> list[CompiledSuite]:
    """Compile suites, and keep what they mean. Raises as ``compiled``."""
    found = []
    body = run_with_great_expectations(_COMPILER, msgspec.json.encode(requests))
    answers = msgspec.json.decode(body, type=list[Answer])
    for request, answer in zip(requests, answers, strict=True):
        if answer.compiled is None:
            raise ContractError(answer.refused)
        kept.keep(*_name(request), answer.compiled)
        found.append(answer.compiled)
    return found


def prepare(others: Sequence[Request] = ()) -> None:
    """Compile the suites of all datasets, and ``others``, as far as they are not kept. Raises as
    ``compiled``."""
    requests = [Request.of_dataset(each, read_suite(each)) for each in contract.datasets()]
    if lacking := [
        each for each in (*requests, *others) if kept.read(*_name(each), CompiledSuite) is None
    ]:
        compile_all(lacking)


def run_with_great_expectations(module: str, given: bytes) -> bytes:
    """Run a module of this room in a process of its own; returns what it wrote.

    Raises Dean06Error when it fails.
    """
    done = subprocess.run(
        command(module), input=given, env=environment(), capture_output=True, timeout=_SECONDS,
        check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise Dean06Error(
            detail("program_ended", program=module, code=done.returncode, reason=said[-1])
        )
    return done.stdout


def command(module: str) -> list[str]:
    """How a module of this room is run in a process of its own."""
    return [sys.executable, "-m", module]


def environment() -> dict[str, str]:
    """For such a process: it finds this package."""
    package = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([package, *filter(None, sys.path)])}


@cache
def compiler_version() -> str:
    """What a compiled suite follows from beside what is asked: versions, source, time zone."""
    versions = [f"{name} {version(name)}" for name in _LIBRARIES]
    source = kept.digest_of(sorted(Path(__file__).parent.glob("*.py")))
    return "\n".join([*versions, source, str(settings.TIMEZONE)])


def _name(request: Request) -> tuple[str, str]:
    """Under which a compiled suite is kept."""
    return request.suite.name, request.digest


def _rules_alone(suite: Suite) -> Suite:
    """Without what no condition follows from."""
    return msgspec.structs.replace(suite, meta=None, notes=None)
