-- Purpose:    values of a day that the kept steps and the spans do not agree on.
-- Grain:      one row per KPI and unit.
-- Parameters: none.
-- Reads:      kept, built (both temporary, of this comparison).
-- Writes:     nothing.
with differing as (
    (
        select * from kept
        except all
        select * from built
    )
    union all
    (
        select * from built
        except all
        select * from kept
    )
)

select
    kpi_code,
    unit_level,
    coalesce(unit_code, '') as unit_code,
    count(*) as value_count
from differing
group by kpi_code, unit_level, unit_code
order by kpi_code, unit_level, unit_code
