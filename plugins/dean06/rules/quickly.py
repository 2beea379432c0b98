"""Quickly: a condition after a cheaper one that implies it, for the columnar engine; and one about
a value that is costly to write more than once.

Nearly every record is ordinary. One look that says so spares it several conditions; the rest get
the exact ones. PostgreSQL evaluates the exact condition alone, so that comparing both engines shows
a look that takes too much.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement


class quickly(FunctionElement[bool]):  # noqa: N801  # reads as the function it is
    """``exact``, which holds wherever ``look`` does.

    ``shared``: other rules have the same look; whoever evaluates several takes it once
    (``shared_look``).
    """

    name = "quickly"
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, look: Any, exact: Any, *, shared: bool = False) -> None:
        super().__init__(look)
        self.look, self.exact, self.shared = look, exact, shared


@compiles(quickly)
def _in_postgresql(element: quickly, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.exact, **kw)})"


@compiles(quickly, "duckdb")
def _in_duckdb(element: quickly, compiler: Any, **kw: Any) -> str:
    exact = compiler.process(element.exact, **kw)
    if element.shared:
        return f"({exact})"
    return f"CASE WHEN {compiler.process(element.look, **kw)} THEN true ELSE {exact} END"


class once(FunctionElement[bool]):  # noqa: N801  # reads as the function it is
    """What a condition says of a value, which the columnar engine plans and evaluates once."""

    name = "once"
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, value: Any, condition: Callable[[Any], Any]) -> None:
        super().__init__(value)
        self.value, self.condition = value, condition


@compiles(once)
def _of_once_in_postgresql(element: once, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.condition(element.value), **kw)})"


@compiles(once, "duckdb")
def _of_once_in_duckdb(element: once, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.value, **kw)
    name: sa.ColumnElement[Any] = sa.literal_column("once", element.value.type)
    condition = compiler.process(element.condition(name), **kw)
    return f"list_transform([{value}], lambda once: {condition})[1]"


def shared_look(broken: sa.ColumnElement[bool]) -> Any:
    """The look that a rule shares with others, or None: where it holds, nothing is broken."""
    found = (each for each in visitors.iterate(broken) if isinstance(each, quickly))
    return next((each.look for each in found if each.shared), None)
