-- Purpose:    KPIs whose formula changed within a period: by which versions their days were
--             published, as they stood at a moment.
-- Grain:      one KPI and version; KPIs of one version only are left out.
-- Parameters: first_day, last_day; moment; unit: a province.
-- Reads:      mart.kpi_history.
-- Writes:     nothing.
select
    kpi_code,
    kpi_version,
    starts_on
from (
    select
        kpi_code,
        kpi_version,
        min(as_of_date) as starts_on,
        count(*) over (partition by kpi_code) as version_count
    from mart.kpi_history
    where
        as_of_date between :first_day and :last_day
        and published_at <= :moment
        and (superseded_at is null or superseded_at > :moment)
        and boundary_version = 'as_reported'
        and unit_level = 'province'
        and unit_code = :unit
        and breakdown = ''
    group by kpi_code, kpi_version
) as versions
where version_count > 1
order by kpi_code asc, starts_on asc
