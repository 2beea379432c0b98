"""Random draws without state: pure vectorised functions of (seed, stream name, number).

The generator is the finaliser of splitmix64 (Steele, Lea, Flood 2014) over
``number * golden gamma + key(seed, stream)``: any number of any stream costs the same, in any
order, which is what lets a world be computed instead of stored.
"""

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


class Draws:
    """Every draw of one seed. Streams are named, so two uses never share numbers by accident."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = lru_cache(maxsize=None)(self._compute_key)

    def _compute_key(self, stream: str) -> np.uint64:
        digest = hashlib.blake2b(f"{self.seed}/{stream}".encode(), digest_size=8).digest()
        return np.uint64(int.from_bytes(digest, "little"))

    def bits(self, stream: str, n: Ints) -> npt.NDArray[np.uint64]:
        """64 well mixed bits for each number."""
        z = n.astype(np.uint64)
        z *= _GAMMA
        z += self._key(stream)
        z ^= z >> np.uint64(30)
        z *= _MIX1
        z ^= z >> np.uint64(27)
        z *= _MIX2
        z ^= z >> np.uint64(31)
        return z

    def below(self, stream: str, n: Ints, limit: int | Ints) -> Ints:
        """Whole numbers in [0, limit); limit may differ for each number."""
        z = (self.bits(stream, n) >> np.uint64(11)).astype(np.int64)
        return z % np.maximum(limit, 1)

    def unit(self, stream: str, n: Ints) -> Floats:
        """Real numbers in [0, 1)."""
        return (self.bits(stream, n) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, stream: str, n: Ints, probability: float | Floats) -> Bools:
        """True with the given probability."""
        return self.unit(stream, n) < probability

    def scalar(self, stream: str, number: int, limit: int) -> int:
        """One draw in [0, limit), for offsets and single choices."""
        return int(self.below(stream, np.array([number], dtype=np.int64), limit)[0])
