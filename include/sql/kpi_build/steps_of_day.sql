-- Purpose:    what adds up to the counts of a KPI family on a day: its totals and the steps between
--             their day and this one, taken back where this one is earlier. Without totals: all
--             steps up to the day.
-- Grain:      one total or step.
-- Parameters: family; as_of, the day; totals_on, the day of the family's totals, or null.
-- Reads:      ops.kpi_step_total, ops.kpi_step.
-- Writes:     nothing.
--
-- Part of kept_of_day.sql and count_kept_persons.sql.
select
    kpi_code,
    place_code,
    era,
    members,
    falls_from,
    counted,
    considered
from ops.kpi_step_total
where family = :family and cast(:totals_on as date) is not null
union all
select
    kpi_code,
    place_code,
    era,
    members,
    falls_from,
    counted,
    considered
from ops.kpi_step
where
    family = :family
    and day > coalesce(cast(:totals_on as date), '-infinity')
    and day <= :as_of
union all
select
    kpi_code,
    place_code,
    era,
    members,
    falls_from,
    -counted as counted,
    -considered as considered
from ops.kpi_step
where family = :family and day > :as_of and day <= cast(:totals_on as date)
