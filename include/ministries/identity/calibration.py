"""How many insured persons lack a personal id, so that exactly the published number is verified;
and which patients are verified, so that exactly the published number of persons is counted."""

from dataclasses import replace

import numpy as np

from ..dirt.blemishes import MISSING
from ..errors import InputError
from ..kernel.draws import Bools, Floats, Ints
from ..scenario.load import Dirt
from ..world.registers import Registers
from .judgement import competing, deceased_from, ids
from .records import DATASETS
from .registry import Registry
from .verdicts import AGREEING, Shown, verdicts

FIGURE = "participants_verified"
_DATASET = "insurance.participant"


def patients_verified(world: Registers, registry: Registry, e: Ints) -> Bools:
    """At which visits the patient is verified, if the id is read from a card."""
    dirt = world.blemishes("health")
    nothing = np.full(len(e), -1, dtype=np.int64)
    shown = Shown(
        world.encounters.person(e),
        nothing,
        dirt.of_name("encounter", e),
        dirt.of_birth("encounter", e),
    )
    found = verdicts(world, registry, shown, np.zeros(len(e), dtype=np.bool_))
    return np.isin(found, AGREEING)


def missing_ids_below(world: Registers) -> float | None:
    """The ``Blemishes.missing_below`` of insurance at which the figure holds at the anchor.

    Records lose their id in the order of their draws. Of those that share an id, the last one left
    is no duplicate any more: it counts from the loss of the last but one to its own.
    """
    wanted = world.scenario.counts.get(FIGURE)
    if wanted is None or not world.scenario.dirt.flagged:
        return None
    number, verified, lost_at = _where_all_could_be_lost(world)
    order = np.lexsort((lost_at, number))
    number, verified, lost_at = number[order], verified[order], lost_at[order]
    follows = np.append(False, number[1:] == number[:-1])
    begins = np.where(follows, np.append(-np.inf, lost_at[:-1]), -np.inf)
    is_last = np.append(~follows[1:], True)
    counts = is_last & verified & np.isfinite(np.where(follows, begins, 0.0))
    return _bound(begins[counts], lost_at[counts], wanted)


def _bound(begins: Floats, ends: Floats, wanted: int) -> float:
    """A moment at which exactly the wanted number has begun and not ended: the count changes by
    one at a time, so none is left out."""
    at_first = int(np.count_nonzero(begins == -np.inf))
    if at_first == wanted:
        return 0.0
    begins, ends = begins[begins > -np.inf], ends[ends < np.inf]
    moment = np.concatenate([begins, ends])
    step = np.concatenate([np.ones(len(begins), dtype=np.int64), np.full(len(ends), -1)])
    order = np.argsort(moment)
    count = at_first + np.cumsum(step[order])
    reached = np.flatnonzero(count == wanted)
    if not len(reached):
        least, most = int(count.min(initial=at_first)), int(count.max(initial=at_first))
        raise InputError(f"figures.{FIGURE}", f"{wanted} is not within {least} to {most}")
    return float(np.nextafter(moment[order][reached[0]], np.inf))


def _where_all_could_be_lost(world: Registers) -> tuple[Ints, Bools, Floats]:
    """Of each active participant with a whole id: its number, whether it is verified as long as
    nobody else carries it, and the bound above which it is missing."""
    dirt = world.scenario.dirt
    flagged = dirt.flagged | {"insurance": dirt.flagged["insurance"] | {"missing_personal_id": 1.0}}
    scenario = replace(world.scenario, dirt=Dirt(dirt.quarantined, flagged))
    twin = Registers(scenario, world.seed)
    anchor = scenario.calendar.anchor
    registry, blemishes = Registry.of(twin, anchor), twin.blemishes("insurance")
    parts: list[tuple[Ints, Bools, Floats]] = []
    for some in DATASETS[_DATASET].current(twin, anchor):
        lost = some.shown.id_dirt == MISSING
        some = replace(
            some, shown=replace(some.shown, id_dirt=np.where(lost, -1, some.shown.id_dirt))
        )
        active = competing(some)
        code = verdicts(twin, registry, some.shown, np.zeros_like(active))
        lost_at = np.where(lost, blemishes.id_draws("participant", some.number), np.inf)
        verified = np.isin(code, AGREEING)
        verified &= deceased_from(registry, some, code) > anchor
        parts.append((ids(some)[active], verified[active], lost_at[active]))
    number, verified, lost_at = (np.concatenate(column) for column in zip(*parts, strict=True))
    return number, verified, lost_at
