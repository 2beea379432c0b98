"""Audit: values of a build, checked against ``expectations/kpi_value.json`` before publication.

A broken critical rule refuses the build; a broken warning holds it until a person decides. The
rules are Great Expectations', asked in one scan of the values beside what they are compared with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from dean06 import settings
from dean06.contract import Bilingual
from dean06.details.detail import Detail, detail
from dean06.errors import AuditError
from dean06.kpi.front_matter import Family
from dean06.rules import ahead, violations
from dean06.rules.compiled import ScanRule
from dean06.rules.suite import Suite, read_suite_file
from dean06.warehouse import Session, sql_file

_NAMED = 5
"""KPIs that a message names."""
_SHAPE = "kpi_audited"
"""Empty table of schema ops that has the columns which the rules speak of."""


@dataclass(frozen=True)
class Finding:
    """What one rule found: counts and KPI codes."""

    rule: str
    severity: str
    reason: Bilingual
    values: int
    kpis: tuple[str, ...]

    @property
    def told(self) -> Detail:
        """The rule, how many values break it, and the first of their KPIs."""
        code = "audit_finding" if len(self.kpis) <= _NAMED else "audit_finding_more"
        return detail(code, rule=self.rule, values=self.values, kpis=self.kpis[:_NAMED])

    def __str__(self) -> str:
        return str(self.told)


def audit(session: Session, day: date, families: Sequence[Family]) -> list[Finding]:
    """Judge ``built``; returns the rules that hold it.

    Raises AuditError naming rules and KPIs when a critical rule is broken.
    """
    session.run(f"create temporary table audited (like ops.{_SHAPE}) on commit drop")
    _write_settings(session, families)
    session.run(sql_file("kpi_build/said.sql"), as_of=day)
    for table in ("built", "said"):
        session.run(f"analyze {table}")
    session.run(sql_file("kpi_build/audited.sql"), as_of=day)
    findings = _ask(session)
    refused = [finding.told for finding in findings if finding.severity == "critical"]
    if refused:
        raise AuditError(detail("audit_refused", day=day, findings=refused))
    return findings


def request() -> ahead.Request:
    """The rules about values, as they are compiled."""
    return ahead.Request.of_numbers(_suite())


@cache
def _suite() -> Suite:
    return read_suite_file(settings.EXPECTATIONS / "kpi_value.json")


def _write_settings(session: Session, families: Sequence[Family]) -> None:
    """What front matter says of how values may behave, as temporary table ``audit_setting``."""
    kpis = [kpi for family in families for kpi in family.kpis]
    session.run(
        sql_file("kpi_build/audit_setting.sql"),
        codes=[kpi.code for kpi in kpis],
        ceilings=[kpi.ceiling for kpi in kpis],
        cumulative=[kpi.is_cumulative for kpi in kpis],
        changes=[kpi.daily_change for kpi in kpis],
        restatements=[kpi.restatement for kpi in kpis],
    )


def _ask(session: Session) -> list[Finding]:
    declared = {rule.code: rule for rule in _suite().expectations}
    found = []
    for rule in ahead.compiled(request()).rules:
        row = _broken(session, rule)
        if row.values:
            said = declared[rule.code]
            reason = violations.of(Bilingual.of(said.description, rule.code))
            found.append(
                Finding(rule.code, said.severity, reason, row.values, tuple(sorted(row.kpis)))
            )
    return found


def _broken(session: Session, rule: ScanRule) -> Any:
    code: sa.ColumnClause[str] = sa.column("kpi_code")
    query = (
        sa.select(
            sa.func.count().label("values"), sa.func.array_agg(sa.distinct(code)).label("kpis")
        )
        .select_from(sa.table("audited", code))
        .where(sa.literal_column(rule.broken, sa.Boolean()))
    )
    return session.connection.execute(query).one()
