-- Purpose:    days of which a load has brought values that no national build has covered, with
--             these loads.
-- Grain:      one day.
-- Parameters: none.
-- Reads:      core.publications__province_value, ops.kpi_coverage, ops.load.
-- Writes:     nothing.
select
    value.as_of_date as day,
    array_agg(distinct load.load_id) as loads
from ops.load
inner join core.publications__province_value as value on load.load_id = value._load_id
where
    load.source_code = 'publications'
    and load.status = 'published'
    and not exists (
        select from ops.kpi_coverage as covered
        where load.load_id = covered.load_id and value.as_of_date = covered.as_of_date
    )
group by value.as_of_date
order by value.as_of_date
