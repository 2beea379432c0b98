"""Education: candidates of the year's exam and the lists their councils send.

A council lists all its candidates in every issue. The first two issues come soon after
registration; later ones on a few days of the year, with late entries and mended personal ids.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.clock import DAY
from ..kernel.draws import Draws, Ints
from ..scenario.terms import Exam
from .places import Places
from .population import Population

_REISSUE_CHANCE = 0.008
_LATE_SHARE, _AFTER_ANCHOR_SHARE, _SCHOOLS_PER_COUNCIL = 0.03, 0.005, 2


@dataclass(frozen=True)
class Issue:
    """One workbook: a council's list at one moment."""

    council: int
    number: int
    at: int

    @property
    def day(self) -> int:
        """The day on which it was compiled."""
        return self.at // DAY


@dataclass(frozen=True)
class CandidateRow:
    """What a list says of each candidate."""

    candidate: Ints
    person: Ints
    school: Ints
    commune: Ints
    registered: Ints


@dataclass(frozen=True)
class Exams:
    """Candidates, dealt to the councils in turn."""

    population: Population
    places: Places
    draws: Draws

    @property
    def terms(self) -> Exam:
        """The year of the exam and the days of its registration."""
        return self.population.scenario.exam

    @property
    def councils(self) -> int:
        """How many councils there are."""
        return self.population.scenario.counts["exam_councils"]

    @property
    def size(self) -> int:
        """How many candidates there ever are."""
        known = self.population.scenario.counts["exam_candidates"]
        return known + max(round(known * _AFTER_ANCHOR_SHARE), 1)

    def council_code(self, council: int) -> str:
        """The four-digit code of a council."""
        return f"{self.population.scenario.province.exam_code}{council + 1:02}"

    def issues(self, council: int) -> tuple[Issue, ...]:
        """All issues of one council, oldest first."""
        return self._all_issues[council]

    @cached_property
    def _all_issues(self) -> tuple[tuple[Issue, ...], ...]:
        return tuple(self._issues(council) for council in range(self.councils))

    def _issues(self, council: int) -> tuple[Issue, ...]:
        calendar = self.population.scenario.calendar
        terms = self.terms
        days = {terms.first_issue + council % 3, terms.second_issue + council % 10}
        later = np.arange(terms.later_issues, calendar.last + 1, dtype=np.int64)
        again = self.draws.chance("exam/issue", later * 1000 + council, _REISSUE_CHANCE)
        days |= {int(day) for day in later[again]}
        if council == 0:
            days.add(calendar.anchor + 1)
        if council == self.councils - 1:
            days.add(calendar.anchor + 3)
        return tuple(
            Issue(council, number, day * DAY + 8 * 3600 + 2 * self._second(council, day))
            for number, day in enumerate(sorted(days), start=1)
        )

    def _second(self, council: int, day: int) -> int:
        return self.draws.scalar("exam/compiled", day * 1000 + council, 4 * 3600)

    def members(self, council: int) -> Ints:
        """The numbers of a council's candidates."""
        return np.arange(council, self.size, self.councils, dtype=np.int64)

    def listed_from(self, c: Ints) -> Ints:
        """The first day on which an issue lists a candidate."""
        calendar = self.population.scenario.calendar
        late = self.draws.chance("exam/late", c, _LATE_SHARE)
        from_day = np.where(late, self.terms.second_issue, self.terms.first_issue)
        known = self.population.scenario.counts["exam_candidates"]
        return np.where(c >= known, calendar.anchor + 1, from_day)

    def mended_from(self, c: Ints) -> Ints:
        """The issue number from which a wrong or missing personal id is right; many never."""
        mended = self.draws.chance("exam/mended", c, 0.5)
        return np.where(mended, 2 + self.draws.below("exam/mended issue", c, 6), 10**6)

    def row(self, c: Ints) -> CandidateRow:
        """What the lists say of each candidate."""
        school = self._school(c)
        return CandidateRow(
            candidate=c,
            person=self.person(c),
            school=school,
            commune=self.places.anywhere("school", school),
            registered=self.registered(c),
        )

    def person(self, c: Ints) -> Ints:
        """Who the candidate is."""
        return self.population.school_leaver(c)

    def registered(self, c: Ints) -> Ints:
        """The day of registration."""
        terms = self.terms
        days = self.draws.below("exam/registered", c, terms.registration_days)
        return terms.registration_opens + days

    def commune(self, c: Ints) -> Ints:
        """The commune index of the candidate's school."""
        return self.places.anywhere("school", self._school(c))

    def _school(self, c: Ints) -> Ints:
        turn = self.draws.below("exam/school", c, _SCHOOLS_PER_COUNCIL)
        return c % self.councils + turn * self.councils

    def last_issue_known(self, council: int, known_day: int) -> Issue | None:
        """Truth: the newest issue of a council known by the end of a day."""
        known = [issue for issue in self.issues(council) if issue.day <= known_day]
        return known[-1] if known else None
