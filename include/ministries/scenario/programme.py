"""The section ``programme`` of a scenario: how many tasks the plan lists, and since when."""

from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from . import checks

_MOST = 99


@dataclass(frozen=True)
class ProgrammePlan:
    """The province's plan. Its length is a fact of the plan itself, the same at every scale."""

    tasks: int
    issued: int
    """The day of the world on which the plan was issued."""


def programme_plan(document: dict[str, Any], feeds_begin: int) -> ProgrammePlan:
    """The plan that the section ``programme`` of a scenario describes, checked."""
    tasks = document["tasks"]["count"]
    if type(tasks) is not int or not 1 <= tasks <= _MOST:
        raise InputError("programme.tasks.count", f"{tasks} is not between 1 and {_MOST}")
    issued = checks.day("programme.issued", document["issued"])
    if not 0 < issued < feeds_begin:
        raise InputError(
            "programme.issued", f"{document['issued']} is not between 2022-01-01 and feeds_begin"
        )
    return ProgrammePlan(tasks, issued)
