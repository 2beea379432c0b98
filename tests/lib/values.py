"""Publications of values that a test chooses, of provinces and communes, as mart holds them."""

from collections.abc import Iterable
from dataclasses import dataclass

from dean06.kpi import family
from dean06.warehouse import transaction


@dataclass(frozen=True)
class Value:
    """A value of one KPI and unit; one without numerator is hidden, or unknown for a reason."""

    kpi: str
    numerator: int | None
    denominator: int | None = None
    unit: str = "82"
    version: int | None = None
    breakdown: str = ""
    member: str = ""
    unknown_because: str | None = None
    province: str = "82"


def publish(day: str, values: Iterable[Value]) -> None:
    """One publication of the day, on boundaries as reported, of provinces and their communes."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{police}', 'first publication of the day')""",
            day=day,
        )
        for each in values:
            session.run(
                """insert into mart.kpi_value
                       (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                        boundary_version, breakdown, member_code, numerator, denominator, value,
                        is_suppressed, unknown_because,
                        province_code)
                   select max(publication_id), :day, :kpi, :version,
                          case when :unit = :province then 'province' else 'commune' end, :unit,
                          'as_reported', :breakdown, :member, cast(:numerator as bigint),
                          cast(:denominator as bigint),
                          case
                              when cast(:denominator as bigint) is null then :numerator
                              else round(:numerator / nullif(cast(:denominator as numeric), 0), 6)
                          end,
                          cast(:numerator as bigint) is null
                          and cast(:unknown_because as text) is null,
                          :unknown_because, :province
                   from mart.kpi_publication""",
                day=day, kpi=each.kpi, version=each.version or family.versions()[each.kpi],
                unit=each.unit, breakdown=each.breakdown, member=each.member,
                numerator=each.numerator, denominator=each.denominator,
                unknown_because=each.unknown_because, province=each.province,
            )  # fmt: skip
