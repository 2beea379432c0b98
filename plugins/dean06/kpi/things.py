"""The records behind a published value: the spans that include its day.

For stewards only. Reader and reason are in ``ops.value_read`` before anything is shown. Values that
are suppressed, or of another province, are not listed. Core holds the current state: if records
arrived after the publication, the list differs from the published count, and the page says so.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06.details.detail import detail
from dean06.errors import AuditError
from dean06.kpi.family import find
from dean06.kpi.front_matter import Family, Kpi
from dean06.reference import unit_names
from dean06.trail import chain
from dean06.warehouse import LOADER, Session, sql_file, transaction

READER = "dean06_steward"
"""The role that reads core for a steward; it changes nothing."""
PAGE = 100
_REFUSALS = {
    "not_published": "no_such_value",
    "hidden": "value_suppressed",
    "other_province": "value_of_other_province",
}


@dataclass(frozen=True)
class Value:
    """Which published value."""

    publication_id: int
    kpi_code: str
    unit_level: str
    unit_code: str
    boundary_version: str = "as_reported"
    breakdown: str = ""
    member_code: str = ""


@dataclass(frozen=True)
class Things:
    """One page of what a value is made of."""

    value: Value
    day: date
    unit_name: unit_names.FullName
    numerator: int
    denominator: int | None
    """As counted for the publication."""
    counted: int
    considered: int
    """As core has it now: above and below the line of a share."""
    page_no: int
    rows: tuple[Any, ...]
    """``dataset_code``, ``record_key``, ``is_counted``."""

    @property
    def is_as_published(self) -> bool:
        """Whether core still has what was counted."""
        below = self.denominator
        return self.counted == self.numerator and below in (None, self.considered)

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.considered // PAGE))


def read(value: Value, reader: str, reason: str, page_no: int = 1, role: str = LOADER) -> Things:
    """One page, once the reading of it is committed to ``ops.value_read`` by ``role``.

    Raises AuditError when the value may not be listed, WarehouseError when the reading could not be
    written down: nothing is shown then.
    """
    with transaction(role) as session:
        noted = session.one(
            """select * from ops.read_value(:publication, :kpi, :boundaries, :level, :unit,
                   :breakdown, :member, :page, :reader, :reason)""",
            publication=value.publication_id,
            kpi=value.kpi_code,
            boundaries=value.boundary_version,
            level=value.unit_level,
            unit=value.unit_code,
            breakdown=value.breakdown,
            member=value.member_code,
            page=page_no,
            reader=reader,
            reason=reason,
        )
    chain.link_if_possible(role)
    if noted.refused_because is not None:
        raise AuditError(detail(_REFUSALS[noted.refused_because], kpi=value.kpi_code))
    with transaction(READER, "REPEATABLE READ") as session:
        session.run("set local statement_timeout = '60s'")
        counted, considered, rows = listed(session, value, noted.as_of_date, page_no)
    return Things(
        value=value,
        day=noted.as_of_date,
        unit_name=unit_names.full_name(
            value.unit_level, value.unit_code, noted.as_of_date, value.boundary_version
        ),
        numerator=noted.numerator,
        denominator=noted.denominator,
        counted=counted,
        considered=considered,
        page_no=page_no,
        rows=rows,
    )


def listed(
    session: Session, value: Value, day: date, page_no: int
) -> tuple[int, int, tuple[Any, ...]]:
    """How many things count in a value of a day and how many are considered, as core has it now,
    and one page of them. It writes nothing down: pages call ``read``."""
    family, kpi = _defined(value.kpi_code)
    member = f"{value.breakdown}:{value.member_code}" if value.breakdown else ""
    with session.by_hash():
        found = session.rows(
            _statement(family),
            as_of=day,
            counted_as=kpi.counted_as,
            starts_on=family.starts_on(kpi, day),
            boundaries=value.boundary_version,
            level=value.unit_level,
            unit=value.unit_code,
            member=member,
            listed=PAGE,
            skipped=(page_no - 1) * PAGE,
        )
    first = found[0]
    counted = first.persons if family.counts == "persons" else first.counted
    return counted, first.considered, tuple(row for row in found if row.record_key is not None)


def placed(family: Family) -> str:
    """The query of a family's things on day ``as_of``, in every unit and member; it reads the
    relations ``reform`` and ``unit_of_day``."""
    return _with(
        sql_file("kpi_build/placed_things.sql"),
        person="fact.person_id" if family.counts == "persons" else "null",
        place_code=f"{family.located_by}_code",
        located_by=family.located_by,
        facts=family.spans_of_day,
    )


def _statement(family: Family) -> str:
    return _with(
        sql_file("kpi_build/things.sql"),
        reforms=_query_of("reforms"),
        units=_query_of("units_of_day"),
        placed=placed(family),
    )


def _with(text: str, **parts: str) -> str:
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def _query_of(name: str) -> str:
    """The query of a file that makes a temporary table; a steward's role makes none."""
    return sql_file(f"kpi_build/{name}.sql").partition(" on commit drop as\n")[2]


def _defined(code: str) -> tuple[Family, Kpi]:
    """The KPI and its family. Raises AuditError when no file computes it any more."""
    found = find(code)
    if found is None:
        raise AuditError(detail("kpi_not_computed", kpi=code))
    return found
