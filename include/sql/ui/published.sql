-- Purpose:    published values as they stood at a moment. The one place where pages read values.
-- Grain:      one KPI, day, unit and member.
-- Parameters: moment; first_day, last_day; boundaries; breakdown ('': totals); kpi, level, unit:
--             null for all.
-- Reads:      mart.kpi_history, mart.kpi_definition, mart.dim_admin_unit, mart.dim_member.
-- Writes:     nothing.
select
    value.as_of_date,
    value.kpi_code,
    value.kpi_version,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    definition.position,
    value.unit_level,
    value.unit_code,
    unit.unit_name,
    unit.unit_name_en,
    value.breakdown,
    value.member_code,
    coalesce(member.name_en, value.member_code) as member_en,
    coalesce(member.name_vi, value.member_code) as member_vi,
    value.numerator,
    value.denominator,
    value.value,
    value.is_suppressed,
    value.missing_reason,
    value.reason_en,
    value.reason_vi,
    value.covered_en,
    value.covered_vi,
    value.publication_id,
    value.published_at,
    value.base_code,
    value.period,
    value.period_starts_on,
    value.period_en,
    value.period_vi
from mart.kpi_history as value
inner join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and case value.boundary_version
            when 'current' then unit.valid_to is null
            else
                value.as_of_date >= unit.valid_from
                and (unit.valid_to is null or value.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code
where
    value.as_of_date between :first_day and :last_day
    and value.published_at <= :moment
    and (value.superseded_at is null or value.superseded_at > :moment)
    and value.boundary_version = :boundaries
    and value.breakdown = :breakdown
    and (cast(:kpi as text) is null or value.kpi_code = :kpi)
    and (cast(:level as text) is null or value.unit_level = :level)
    and (cast(:unit as text) is null or value.unit_code = :unit)
order by
    definition.position asc,
    value.kpi_code asc,
    value.as_of_date asc,
    value.unit_level desc,
    value.unit_code asc,
    member.position asc,
    value.member_code asc
