-- Purpose:    the limits that front matter sets on the values of each KPI.
-- Grain:      one KPI.
-- Parameters: codes, ceilings, cumulative, changes, restatements: arrays of one length.
-- Reads:      nothing.
-- Writes:     audit_setting (temporary).
create temporary table audit_setting on commit drop as
select
    kpi_code,
    ceiling,
    is_cumulative,
    daily_change,
    restatement
from unnest(
    cast(:codes as text[]), cast(:ceilings as text[]), cast(:cumulative as boolean[]),
    cast(:changes as double precision[]), cast(:restatements as double precision[])
) as setting (kpi_code, ceiling, is_cumulative, daily_change, restatement)
