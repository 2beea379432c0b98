-- Purpose:    KPIs that count a source and are published: its records explain their values.
-- Grain:      one KPI.
-- Parameters: source.
-- Reads:      mart.kpi_definition, mart.kpi_value.
-- Writes:     nothing.
select distinct kpi_definition.kpi_code
from mart.kpi_definition
where
    :source = any(kpi_definition.source_codes)
    and exists (
        select from mart.kpi_value
        where kpi_value.kpi_code = kpi_definition.kpi_code
    )
order by kpi_definition.kpi_code
