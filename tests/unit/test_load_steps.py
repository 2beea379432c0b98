"""The table of steps: whole, in order, and what the watchdog's query says of it."""

import re
from itertools import pairwise

import pytest

from dean06 import settings
from dean06.load.steps import (
    EXTRACT,
    PUBLISH,
    QUARANTINE,
    STAGE,
    STEPS,
    VALIDATE,
    State,
    Step,
    following,
    taken,
)

FINAL = (State.PUBLISHED, State.ABANDONED)


def test_each_step_takes_what_the_one_before_leads_to_and_may_run_again() -> None:
    for earlier, later in pairwise(STEPS):
        assert earlier.leads_to & later.needs, later.name
    for step in STEPS:
        assert step.leads_to <= step.needs, step.name


def test_every_state_is_reached_by_a_step_or_by_opening_and_abandoning() -> None:
    reached = frozenset[State]().union(*(step.leads_to for step in STEPS))
    assert set(State) - reached == {State.OPEN, State.ABANDONED}


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (State.OPEN, (), EXTRACT),
        (State.LANDED, (EXTRACT,), STAGE),
        (State.STAGED, (EXTRACT, STAGE), VALIDATE),
        (State.VALIDATED, (EXTRACT, STAGE, VALIDATE), QUARANTINE),
        (State.HELD, (EXTRACT, STAGE, VALIDATE), QUARANTINE),
        (State.QUARANTINED, (EXTRACT, STAGE, VALIDATE, QUARANTINE), PUBLISH),
        (State.PUBLISHED, STEPS, None),
        (State.ABANDONED, (), None),
    ],
)
def test_a_state_says_what_was_done_and_what_is_next(
    state: State, before: tuple[Step, ...], after: Step | None
) -> None:
    assert (taken(state), following(state)) == (before, after)


def test_the_watchdog_asks_for_every_state_that_is_on_its_way() -> None:
    query = (settings.SQL / "watch" / "unfinished.sql").read_text(encoding="utf-8")
    lists = [re.findall(r"'(\w+)'", text) for text in re.findall(r"[(\[]('\w+'[^)\]]*)", query)]
    on_their_way = [state for state in State if state not in (*FINAL, State.HELD)]
    assert [names for names in lists if names != ["held"]] == [on_their_way, on_their_way]
