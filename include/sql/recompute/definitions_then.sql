-- Purpose:    the definitions that a build was computed by, as they were recorded.
-- Grain:      one KPI.
-- Parameters: definitions, JSON with the columns of mart.kpi_definition that a build reads.
-- Reads:      nothing.
-- Writes:     definition (temporary).
create temporary table definition on commit drop as
select said.*
from jsonb_populate_recordset(null::mart.kpi_definition, cast(:definitions as jsonb)) as said
