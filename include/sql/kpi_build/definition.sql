-- Purpose:    the definitions that a build computes by.
-- Grain:      one KPI.
-- Parameters: codes, versions: arrays of one length.
-- Reads:      mart.kpi_definition.
-- Writes:     definition (temporary).
create temporary table definition on commit drop as
select known.* -- noqa: AM04
from mart.kpi_definition as known
inner join unnest(cast(:codes as text[]), cast(:versions as int[])) as wanted (code, version)
    on
        known.kpi_code = wanted.code
        and known.kpi_version = wanted.version
