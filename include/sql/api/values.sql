-- Purpose:    published values as they were known, one page after a place.
-- Grain:      one KPI, day, unit and member, on one version of the boundaries.
-- Parameters: first_day, last_day; moment, newest: publications up to both; kpi, base, period,
--             level, unit, province: null for all; boundaries; breakdown: '' for totals, null for
--             totals and members; after_day, after_kpi, after_level, after_unit, after_breakdown,
--             after_member: the place, after_day null for the beginning; many: at most so many.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.kpi_definition, mart.kpi_publication,
--             mart.kpi_value, mart.missing_reason.
-- Writes:     nothing.
with latest as (
    select
        as_of_date,
        max(publication_id) as publication_id
    from mart.kpi_publication
    where
        as_of_date between greatest(cast(:after_day as date), :first_day) and :last_day
        and published_at <= :moment
        and publication_id <= :newest
    group by as_of_date
),

page as (
    select found.*
    from latest
    cross join
        lateral (
            select value.*
            from mart.kpi_value as value
            inner join mart.kpi_definition as known
                on value.kpi_code = known.kpi_code and value.kpi_version = known.kpi_version
            where
                value.publication_id = latest.publication_id
                and value.boundary_version = :boundaries
                and (cast(:kpi as text) is null or value.kpi_code = :kpi)
                and (cast(:base as text) is null or known.base_code = :base)
                and (cast(:period as text) is null or known.period = :period)
                and (cast(:level as text) is null or value.unit_level = :level)
                and (cast(:unit as text) is null or value.unit_code = :unit)
                -- With the level of the unit, the index leads to its rows at once.
                and (
                    cast(:unit as text) is null
                    or value.unit_level = any(
                        array(
                            select named.unit_level
                            from mart.dim_admin_unit as named
                            where named.unit_code = :unit
                        )
                    )
                )
                and (cast(:province as text) is null or value.province_code = :province)
                and (cast(:breakdown as text) is null or value.breakdown = :breakdown)
                -- In the order of the primary key, which finds the place.
                and (
                    value.kpi_code,
                    value.unit_level,
                    value.unit_code,
                    value.boundary_version,
                    value.breakdown,
                    value.member_code
                ) > (
                    case when latest.as_of_date = :after_day then :after_kpi else '' end,
                    case when latest.as_of_date = :after_day then :after_level else '' end,
                    case when latest.as_of_date = :after_day then :after_unit else '' end,
                    :boundaries,
                    case when latest.as_of_date = :after_day then :after_breakdown else '' end,
                    case when latest.as_of_date = :after_day then :after_member else '' end
                )
            order by
                value.kpi_code asc,
                value.unit_level asc,
                value.unit_code asc,
                value.boundary_version asc,
                value.breakdown asc,
                value.member_code asc
            limit :many
        ) as found
    order by
        found.as_of_date asc,
        found.kpi_code asc,
        found.unit_level asc,
        found.unit_code asc,
        found.breakdown asc,
        found.member_code asc
    limit :many
)

select
    page.as_of_date,
    page.kpi_code,
    page.kpi_version,
    definition.base_code,
    definition.period,
    mart.period_start(definition.period, definition.counts_from, page.as_of_date)
        as period_starts_on,
    definition.unit,
    page.unit_level,
    page.unit_code,
    unit.unit_name,
    unit.unit_name_en,
    page.province_code,
    page.boundary_version,
    page.breakdown,
    page.member_code,
    coalesce(member.name_en, page.member_code) as member_name_en,
    coalesce(member.name_vi, page.member_code) as member_name_vi,
    page.numerator,
    page.denominator,
    page.value,
    page.is_suppressed,
    page.missing_reason,
    reason.reason_en,
    reason.reason_vi,
    page.is_rounded,
    coalesce(page.counted_on, page.as_of_date) as counted_on,
    page.part_codes,
    page.publication_id,
    publication.published_at
from page
inner join mart.kpi_publication as publication
    on page.publication_id = publication.publication_id
inner join mart.kpi_definition as definition
    on page.kpi_code = definition.kpi_code and page.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        page.unit_level = unit.unit_level
        and page.unit_code = unit.unit_code
        and case page.boundary_version
            when 'current' then unit.valid_to is null
            else
                page.as_of_date >= unit.valid_from
                and (unit.valid_to is null or page.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on page.breakdown = member.breakdown and page.member_code = member.member_code
left join mart.missing_reason as reason on page.missing_reason = reason.missing_reason
order by
    page.as_of_date asc,
    page.kpi_code asc,
    page.unit_level asc,
    page.unit_code asc,
    page.breakdown asc,
    page.member_code asc
