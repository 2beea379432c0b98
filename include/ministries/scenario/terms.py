"""The parts of a scenario that have several fields."""

from dataclasses import dataclass

from ..kernel.draws import Floats, Ints


@dataclass(frozen=True)
class Province:
    """The codes one province has in the code systems of the ministries."""

    code: str
    birth_code: str
    exam_code: str
    old_id_code: str
    """First digits of the former identity cards (CMND) issued there."""
    name: str


@dataclass(frozen=True)
class Exam:
    """The graduation examination: its year and the world's days of its registration."""

    year: int
    registration_opens: int
    registration_days: int
    first_issue: int
    second_issue: int
    later_issues: int


@dataclass(frozen=True)
class Campaign:
    """Days on which the stations receive dossiers in long hours and shifts of equal length."""

    first_day: int
    last_day: int
    opens_hour: int
    closes_hour: int
    shifts: int

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return self.last_day - self.first_day + 1

    @property
    def shift_seconds(self) -> int:
        """How long a shift is."""
        return (self.closes_hour - self.opens_hour) * 3600 // self.shifts

    def shift_of(self, hour: int) -> int:
        """The number of the shift, from 1, that an hour of the day belongs to."""
        return (hour - self.opens_hour) * 3600 // self.shift_seconds + 1


@dataclass(frozen=True)
class CardUse:
    """How identity cards gain ground at check-in: a share of visits that grows with the days."""

    start: float
    days: float
    power: float
    most: float

    def share(self, day: Ints) -> Floats:
        """The share of visits with an identity card, by day."""
        grown: Floats = (self.start + (day / self.days) ** self.power).clip(max=self.most)
        return grown
