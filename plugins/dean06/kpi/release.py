"""Release: a held build is published when one person proposes it and another one approves.

The warehouse takes the two names through ``ops.decide_build`` only, and refuses one name twice
(constraint ``two_persons_release``). One person is enough to reject a build: nothing is published
then. Approved on the page, a build is published by the next run of ``build_kpis``.
"""

import logging
from datetime import date
from enum import StrEnum
from typing import Any

from dean06.contract import Bilingual
from dean06.details.detail import detail
from dean06.errors import AlreadyDecidedError, Dean06Error
from dean06.kpi import boundaries, grid, publication
from dean06.kpi.family import name_of
from dean06.kpi.reasons import REASONS
from dean06.proof import record
from dean06.trail.logins import is_same_person
from dean06.trail.reason import stated
from dean06.warehouse import Session, transaction

log = logging.getLogger(__name__)

_STATES = {
    "none": detail("release_none"),
    "proposed": detail("release_proposed"),
    "approved": detail("release_approved"),
}


class Step(StrEnum):
    """What a person can say about a held build."""

    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"


def say(session: Session, build_id: int, step: Step, by: str, why: str) -> None:
    """Record what a person says about a held build; publishes nothing.

    Raises AlreadyDecidedError when the build does not wait for that, Dean06Error when there is no
    such build, name or reason is empty, or who approves is the person who proposed.
    """
    if not by.strip():
        raise Dean06Error(detail("name_required"))
    why = stated(why)
    build = _held(session, build_id)
    is_approval = step is Step.APPROVE and build.proposed_by
    if is_approval and is_same_person(session, by, build.proposed_by):
        raise Dean06Error(detail("release_of_same_person", build=build_id))
    row = session.one(
        "select ops.decide_build(:build, :step, :by, :why) as is_written",
        build=build_id,
        step=step,
        by=by,
        why=why,
    )
    if not row.is_written:
        state = "approved" if build.decided_by else "proposed" if build.proposed_by else "none"
        raise AlreadyDecidedError(
            detail("release_not_possible", build=build_id, state=_STATES[state], step=step.value)
        )
    log.info("build %d: %s", build_id, step)


def sign(build_id: int, by: str, why: str) -> bool:
    """Propose a release, or approve and publish what somebody else has proposed; returns whether
    it is published. Errors as ``say``."""
    with transaction() as session:
        publication.take_turn(session)
        is_second = _held(session, build_id).proposed_by is not None
        say(session, build_id, Step.APPROVE if is_second else Step.PROPOSE, by, why)
        if is_second:
            _publish(session, build_id)
    return is_second


def propose(build_id: int, by: str, why: str) -> None:
    """Propose a release, as the first person. Errors as ``say``."""
    with transaction() as session:
        publication.take_turn(session)
        say(session, build_id, Step.PROPOSE, by, why)


def reject(build_id: int, by: str, why: str) -> None:
    """Decide that a held build is not to be published. Errors as ``say``.

    The day is built again as soon as something else reaches it.
    """
    with transaction() as session:
        publication.take_turn(session)
        say(session, build_id, Step.REJECT, by, why)


def publish_approved(session: Session) -> int:
    """Publish every build that two persons have released; returns how many. Each is a transaction;
    ``session`` has taken the builders' turn."""
    waiting = session.rows(
        """select build_id from ops.kpi_build
           where state = 'held' and decided_by is not null order by build_id"""
    )
    for row in waiting:
        with transaction() as one:
            _publish(one, row.build_id)
    return len(waiting)


def held() -> list[Any]:
    """Builds that wait for a decision: build_id, as_of_date, built_at, reason, cause, proposed_by,
    proposal_reason, decided_by."""
    with transaction() as session:
        return held_in(session)


def held_in(session: Session) -> list[Any]:
    """As ``held``, within a transaction."""
    return session.rows(
        """select build_id, as_of_date, built_at, reason, cause, proposed_by, proposal_reason,
               decided_by
           from ops.kpi_build where state = 'held' order by build_id"""
    )


def findings(session: Session, build_id: int) -> list[Any]:
    """What the audit found in a build: rule_code, value_count, kpi_codes, reasons."""
    return session.rows(
        """select rule_code, value_count, kpi_codes, reason_en, reason_vi
           from ops.kpi_audit_result where build_id = :build order by rule_code""",
        build=build_id,
    )


def held_build_as_markdown(build_id: int) -> str:
    """A held build as Markdown for the decision: day, reason, rules with their texts, KPIs.

    Raises AlreadyDecidedError when it no longer waits.
    """
    with transaction() as session:
        build = _held(session, build_id)
        found = findings(session, build_id)
    # A build of another version may state a reason that this one does not know.
    reason = REASONS.get(build.reason, Bilingual(build.reason, build.reason))
    lines = [f"**{build.as_of_date:%d/%m/%Y}** · {reason.vi} · {reason.en}", ""]
    for row in found:
        lines += [
            f"- {row.reason_vi} · {row.reason_en} (`{row.rule_code}`: {row.value_count})",
            f"  {'; '.join(_named(code) for code in row.kpi_codes)}",
        ]
    return "\n".join(lines)


def _named(code: str) -> str:
    name = name_of(code)
    return f"`{code}`" if name is None else f"{name.vi} · {name.en}"


def _held(session: Session, build_id: int) -> Any:
    """A build that waits."""
    row = session.one(
        """select state, as_of_date, source_codes, reason, proposed_by, decided_by
           from ops.kpi_build where build_id = :build""",
        build=build_id,
    )
    if row is None:
        raise Dean06Error(detail("no_build", build=build_id))
    if row.state != "held":
        raise AlreadyDecidedError(
            detail("build_decided", build=build_id, day=row.as_of_date, state=row.state)
        )
    return row


def _publish(session: Session, build_id: int) -> None:
    """Publish the values that were held."""
    build = _held(session, build_id)
    day: date = build.as_of_date
    session.value_by_value()
    publication.bring_back(session, build_id)
    boundaries.prepare(session, day)
    grid.prepare(session, day, build.source_codes)
    number = publication.publish(session, build_id)
    session.run(
        """update ops.kpi_build set state = 'released', publication_id = :publication
           where build_id = :build""",
        publication=number,
        build=build_id,
    )
    record.record_due(session)
    log.info("build %d: released", build_id)
