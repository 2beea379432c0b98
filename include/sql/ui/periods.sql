-- Purpose:    the KPIs that are one KPI of several periods, by their newest definitions.
-- Grain:      one KPI.
-- Parameters: base_code.
-- Reads:      mart.kpi_definition, mart.period_word.
-- Writes:     nothing.
select
    newest.kpi_code,
    word.period_en,
    word.period_vi
from (
    select distinct on (kpi_code)
        kpi_code,
        period
    from mart.kpi_definition
    where base_code = :base_code
    order by kpi_code asc, kpi_version desc
) as newest
inner join mart.period_word as word on newest.period = word.period
order by word.position
