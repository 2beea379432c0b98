"""What ``python -m dean06 recompute`` prints."""

import secrets

from dean06.cli.person import person
from dean06.kpi import recompute
from dean06.kpi.recompute import Recomputed

_NAMED = 20
"""Differences that are printed of a publication."""
_SEEDS = 1_000_000


def one(publication: int) -> bool:
    """Compute a publication again, and print each KPI file that was counted, then the outcome;
    returns whether all values are equal."""
    return _show(recompute.recompute(publication, person(), print))


def drawn(size: int, seed: int) -> bool:
    """Compute publications again that are drawn at random, and print the outcome of each; returns
    whether all values of all are equal, and something was compared."""
    seed = seed or 1 + secrets.randbelow(_SEEDS)
    found = recompute.draw(size, seed)
    print(f"{len(found.publications)} publications were chosen at random (--seed {seed})")
    if found.unrecorded:
        print(f"left out: {found.unrecorded} publications from before dean06 recorded the "
              "inputs of publications")  # fmt: skip
    if found.removed:
        print(f"left out: {found.removed} publications whose data were removed after their "
              "retention period (recompute --publication lists the data)")  # fmt: skip
    reader = person()
    equal = sum(_show(recompute.recompute(n, reader)) for n in found.publications)
    print(f"{equal} of {len(found.publications)} publications were computed again with equal "
          "values")  # fmt: skip
    return 0 < equal == len(found.publications)


def _show(found: Recomputed) -> bool:
    title = f"publication {found.publication_id} of {found.day}"
    if found.missing:
        print(f"{title}: cannot be computed again")
        for said in found.missing:
            print(f"  {said}")
    elif found.differences:
        print(f"{title}: {found.values} values, {len(found.differences)} differences")
        for line in found.differences[:_NAMED]:
            print(f"  {line}")
        if len(found.differences) > _NAMED:
            print(f"  and {len(found.differences) - _NAMED} more")
    else:
        print(f"{title}: {found.values} values, all equal")
    return found.outcome == "equal"
