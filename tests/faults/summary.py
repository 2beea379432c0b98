"""What a campaign found: how much was tried, and each thing that did not end as it must."""

from dataclasses import dataclass, field


@dataclass
class Summary:
    """One campaign's result; ``failures`` names seed and place, so each can be run again."""

    campaign: str
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        """Count something that was tried, or that ended as it must."""
        self.counts[what] = self.counts.get(what, 0) + number

    def lines(self) -> list[str]:
        """The summary for people, one fact a line."""
        told = [f"{self.campaign}: {what} {number:,}" for what, number in self.counts.items()]
        return [*told, *(f"{self.campaign}: FAILED {failure}" for failure in self.failures)]
