-- Purpose:    the definitions by which a held build was computed; of KPIs that it has no values of,
--             the newest.
-- Grain:      one KPI.
-- Parameters: build; codes, the KPIs that there are.
-- Reads:      mart.kpi_definition, ops.kpi_build_value.
-- Writes:     nothing.
select distinct on (known.kpi_code) known.* -- noqa: AM04
from mart.kpi_definition as known
left join (
    select distinct
        kpi_code,
        kpi_version
    from ops.kpi_build_value
    where build_id = :build
) as computed
    on known.kpi_code = computed.kpi_code and known.kpi_version = computed.kpi_version
where known.kpi_code = any(cast(:codes as text[])) or computed.kpi_code is not null
order by known.kpi_code asc, computed.kpi_code is null, known.kpi_version desc
