"""Exact counts out of random attributes: the bound below which exactly so many draws fall.

A record has the attribute when its draw is below the bound. The bound is found in one pass over
the records that may have it, so it is a function of scenario and seed, like everything else.
"""

import math

import numpy as np

from ..errors import InputError
from ..kernel.draws import Floats


def bound(field: str, keys: Floats, count: int) -> float:
    """The bound below which exactly ``count`` of the keys fall; the field is named if none is."""
    if count < 0:
        raise InputError(field, "is less than what other figures bring with them")
    if count > len(keys):
        raise InputError(field, f"{count} at this scale is more than the {len(keys)} there can be")
    if count == len(keys):
        return math.inf
    return float(np.partition(keys, count)[count])
