"""What a case found, beside what it must reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One figure; ``must`` is its bound, ``goal`` what is aimed for. Units as ``unit`` says."""

    case: str
    figure: float
    unit: str
    must: float | None
    goal: float | None
    detail: str
    at_least: bool = False
    """Whether more is better."""

    @property
    def verdict(self) -> str:
        """``target met``, ``within limit``, ``missed``; ``–`` where there is neither."""
        if self._keeps(self.goal):
            return "target met"
        if self.must is None:
            return "–"
        return "within limit" if self._keeps(self.must) else "missed"

    def _keeps(self, bound: float | None) -> bool:
        if bound is None:
            return False
        return self.figure >= bound if self.at_least else self.figure <= bound

    def bound(self, value: float | None) -> str:
        """A bound with its sign and unit."""
        return "–" if value is None else f"{'≥' if self.at_least else '≤'} {value:g} {self.unit}"
