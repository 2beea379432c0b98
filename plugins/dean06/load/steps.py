"""The states of a load and the steps that lead from one to the next.

``STEPS`` is the one table of them: what a step needs, what the ledger requires, what recovery
takes again and which task the page Today names all follow from it. ``ops.load.status`` allows the
same states.
"""

from dataclasses import dataclass
from enum import StrEnum

BACKFILL = "backfill__"
"""What the run keys of the command ``backfill`` begin with. No task of Airflow runs them."""


class State(StrEnum):
    """How far a load has come."""

    OPEN = "open"
    """Its files are being landed."""
    LANDED = "landed"
    STAGED = "staged"
    VALIDATED = "validated"
    HELD = "held"
    """Its suite refused it as a whole: no data of its source are published."""
    QUARANTINED = "quarantined"
    PUBLISHED = "published"
    """In core; final."""
    ABANDONED = "abandoned"
    """Replaced by another attempt of the same run; final."""


@dataclass(frozen=True)
class Step:
    """One step of the load protocol; it may run again from any state that it leads to."""

    name: str
    """The task that takes it."""
    needs: frozenset[State]
    leads_to: frozenset[State]


_STAGED_OR_LATER = frozenset({State.STAGED, State.VALIDATED, State.HELD, State.QUARANTINED})

EXTRACT = Step("extract", frozenset({State.OPEN, State.LANDED}), frozenset({State.LANDED}))
STAGE = Step("stage", frozenset({State.LANDED}) | _STAGED_OR_LATER, frozenset({State.STAGED}))
VALIDATE = Step("validate", _STAGED_OR_LATER, frozenset({State.VALIDATED, State.HELD}))
QUARANTINE = Step(
    "quarantine",
    frozenset({State.VALIDATED, State.HELD, State.QUARANTINED}),
    frozenset({State.QUARANTINED, State.HELD}),
)
PUBLISH = Step(
    "publish", frozenset({State.QUARANTINED, State.PUBLISHED}), frozenset({State.PUBLISHED})
)

STEPS = (EXTRACT, STAGE, VALIDATE, QUARANTINE, PUBLISH)
"""In the order in which a load takes them."""


def taken(state: State) -> tuple[Step, ...]:
    """The steps that a load in this state has certainly taken; none of an abandoned one."""
    for number, step in enumerate(STEPS, start=1):
        if state in step.leads_to:
            return STEPS[:number]
    return ()


def following(state: State) -> Step | None:
    """The step that a load in this state takes next; None where the state is final."""
    if state in (State.PUBLISHED, State.ABANDONED):
        return None
    return STEPS[len(taken(state))]
