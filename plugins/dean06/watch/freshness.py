"""Freshness: how far each source's data reach in core, against what its contract promises."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dean06 import contract, settings
from dean06.figures.words import Words
from dean06.warehouse import Session


@dataclass(frozen=True)
class Freshness:
    """How far a source's data reach, against what its contract promises."""

    source: str
    reached: datetime | None
    """Up to when all its datasets are in core; None: it never came."""
    age: timedelta
    """Age of the data, or time since they were expected; negative: not expected yet."""
    agreed: timedelta
    expected_from: datetime
    """From when on the data are expected: the age never counts from before."""

    @property
    def is_stale(self) -> bool:
        """Whether the service level is broken."""
        return self.age > self.agreed

    def told(self, w: Words, age: str) -> str:
        """A clause: up to when there are data; where they end before they were first expected,
        since when they are expected. ``age``: in words."""
        if self.reached is not None and self.reached >= self.expected_from:
            return w.say(
                f"dữ liệu chỉ cập nhật đến {w.at(self.reached)}, cách thời điểm hiện tại {age}",
                f"data up to {w.at(self.reached)}, {age} ago",
            )
        since = w.at(self.expected_from)
        return w.say(
            f"từ khi bắt đầu theo dõi nguồn ({since}) đến nay đã {age} mà chưa có dữ liệu mới",
            f"no new data since they were first expected at {since}, {age} ago",
        )


def of_sources(session: Session, now: datetime) -> list[Freshness]:
    """Every source that has a contract, against its service level."""
    rows = session.rows(
        "select source_code, min(reached) as reached from ops.watermark group by source_code"
    )
    reached = {row.source_code: row.reached for row in rows}
    owed_from = settings.start_of(settings.scheduled_from())
    return [
        Freshness(
            source,
            reached.get(source),
            now - max(owed_from, reached.get(source, owed_from)),
            contract.load(source).fresh_for,
            owed_from,
        )
        for source in contract.sources()
    ]
