"""The columnar engine that tests keep from one step of a load to the next.

dean06 opens an engine for every step, as suits tasks that are processes of their own. A small load
opens four, a fifth of its processor time in a process of tests. A step has a connection of its own:
what it makes there is temporary, and goes with it.
"""

import os
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from dean06 import settings
from dean06.load import staging
from dean06.rules import functions

_OF_PARENTS: list[DuckDBPyConnection] = []


class KeptEngine:
    """Stands for the module ``duckdb`` in ``staging``: one engine with the functions defined."""

    Error = duckdb.Error

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sql = settings.SQL
        self._kept: DuckDBPyConnection | None = None

    def connect(self, config: dict[str, Any]) -> DuckDBPyConnection:
        """A connection without temporary tables; of an engine of its own where a test has other
        functions."""
        if self._has_others():
            return duckdb.connect(config=config)
        if self._kept is None:
            self._kept = duckdb.connect(config={**config, "temp_directory": str(self._folder)})
            functions.define(self._kept)
        self._kept.execute("reset disabled_optimizers")  # no other setting outlives a step
        return self._kept.cursor()

    def define(self, connection: DuckDBPyConnection) -> None:
        """Define the functions where they are not the engine's."""
        if self._has_others():
            functions.define(connection)

    def _has_others(self) -> bool:
        return self._sql != settings.SQL or staging.define != self.define  # type: ignore[attr-defined]

    def leave_to_parent(self) -> None:
        """A child has not got the engine's threads: not used there, and not closed either."""
        if self._kept is not None:
            _OF_PARENTS.append(self._kept)
        staging.duckdb = duckdb  # type: ignore[attr-defined]
        staging.define = functions.define  # type: ignore[attr-defined]


def keep(folder: Path) -> None:
    """Have dean06 keep its engine in this process; not in ones it forks."""
    kept = KeptEngine(folder)
    staging.duckdb = kept  # type: ignore[attr-defined]
    staging.define = kept.define  # type: ignore[attr-defined]
    os.register_at_fork(after_in_child=kept.leave_to_parent)
