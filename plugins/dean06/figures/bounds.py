"""Between which amounts the true one lies, where the published counts were rounded.

A rounded count goes up or down to a multiple of a base (``dean06.kpi.disclosure``), so the true one
is less than a base away. A share is made of two counts that are rounded separately: those counted,
and the rest.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest amount that would have been published as this one."""

    low: float
    high: float


def count(shown: int, base: int) -> tuple[int, int]:
    """The least and the greatest count that are published as ``shown``; ``base`` 0: it is exact."""
    reach = max(base - 1, 0)
    return max(shown - reach, 0), shown + reach


def share(numerator: int, denominator: int, base: int) -> Bounds:
    """Bounds of a share between 0 and 1."""
    least, most = count(numerator, base)
    least_rest, most_rest = count(denominator - numerator, base)
    return Bounds(
        least / (least + most_rest) if least else 0.0,
        most / (most + least_rest) if least_rest else 1.0 if most else 0.0,
    )


def per_100(numerator: int, residents: int, base: int, residents_base: int) -> Bounds:
    """Bounds of a count per 100 residents; the two may be rounded to different bases."""
    least, most = count(numerator, base)
    fewest, all_of_them = count(residents, residents_base)
    return Bounds(100 * least / all_of_them, 100 * most / fewest if fewest else inf)
