-- Purpose:    the KPIs that facts count in, and how many of the first days of periods a fact must
--             have reached.
-- Grain:      one KPI.
-- Parameters: codes; counted_as, the codes that facts have; reaches: arrays of one length.
-- Reads:      nothing.
-- Writes:     kpi_period (temporary).
create temporary table kpi_period on commit drop as
select
    wanted.kpi_code,
    wanted.counted_as,
    wanted.reach
from unnest(
    cast(:codes as text[]), cast(:counted_as as text[]), cast(:reaches as int[])
) as wanted (kpi_code, counted_as, reach)
