"""Truth: how the portal's dossiers were handled by a day, as known by the end of another."""

from dataclasses import dataclass

import numpy as np

from ..kernel.clock import DAY, NEVER
from ..kernel.draws import Bools, Ints
from .portal import GRANTED, ONLINE, PortalDossiers
from .portal_papers import DISSATISFIED, FREE, FROM_STORE, REUSED, SATISFIED

Parts = dict[str, tuple[Bools, Bools]]
"""By KPI: the dossiers considered, and those of them that count."""


@dataclass(frozen=True)
class Handling:
    """Received dossiers, judged on one day."""

    portal: PortalDossiers
    day: int
    known_by: int

    def parts(self, n: Ints) -> Parts:
        """What each dossier counts in."""
        portal, papers = self.portal, self.portal.papers
        receive = portal.receive(n)
        supplement = portal.supplement(n, receive)
        decide = portal.decide(n, receive, supplement)
        decided, over = decide.told <= self.known_by, (self.day + 1) * DAY
        # Waiting and supplements have no date of their own: they are as told by the day.
        told_by = min(self.day, self.known_by)
        asked, answered = supplement.told <= told_by, decide.told <= told_by
        finished = np.where(decided, portal.finished(n, decide), NEVER * DAY)
        granted = decided & (portal.outcome(n) == GRANTED)
        is_rated = self._is_returned_by(n, granted, told_by)
        rating = np.where(is_rated, papers.rating(n), 0)
        due = portal.due(n, receive)
        asked_twice = asked & answered & papers.is_asked_twice(n)
        spared = np.where(asked & answered, portal.supplement_days(n), 0) * DAY
        stopped = asked & ~answered  # the applicant's time runs, not the office's
        in_time = ~asked_twice & (stopped | (np.minimum(finished, over) <= due + spared))
        promised, has_result = due < NEVER * DAY, granted & (finished < over)
        is_online, everyone = portal.channel(n) == ONLINE, np.full(len(n), True)
        company = portal.is_organisation(n)
        verified = papers.is_verified(n, is_online, company)
        looked_up = papers.is_looked_up(n, company)
        return {
            "service.on_time_share": (promised, in_time),
            "service.paid_online_share": (
                papers.fee(portal.procedure(n)) > FREE,
                papers.payment(n, is_online) > 0,
            ),
            "service.electronic_result_share": (has_result, papers.is_electronic(n)),
            "service.reused_share": (everyone, papers.has_component(n, REUSED, FROM_STORE)),
            "service.from_store_share": (everyone, papers.has_component(n, FROM_STORE)),
            "service.identity_checked_share": (everyone, verified | looked_up),
            "service.vneid_verified_share": (everyone, verified),
            "service.population_checked_share": (everyone, looked_up),
            "service.satisfied_share": (rating > 0, rating == SATISFIED),
            "service.faultless_share": (promised, in_time & (rating != DISSATISFIED)),
        }

    def _is_returned_by(self, n: Ints, granted: Bools, told_by: int) -> Bools:
        """Whether the portal told by a day that the applicant has the result and rates it; some
        results wait at the office."""
        portal = self.portal
        receive = portal.receive(n)
        decide = portal.decide(n, receive, portal.supplement(n, receive))
        handed_out = np.where(portal.is_kept(n), portal.close(n, receive, decide).told, decide.told)
        return np.asarray(granted & (handed_out <= told_by), dtype=np.bool_)
