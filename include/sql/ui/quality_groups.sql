-- Purpose:    records with errors by group, as published last up to a day.
-- Grain:      one group.
-- Parameters: day.
-- Reads:      mart.dim_error_group, mart.error_group_count.
-- Writes:     nothing.
with newest as (
    select
        kind,
        max(as_of_date) as as_of_date
    from mart.error_group_count
    where as_of_date <= :day
    group by kind
)

select
    listed.group_code,
    listed.name_vi,
    listed.name_en,
    max(counted.record_count) filter (where counted.kind = 'verdict') as mismatch_count,
    max(counted.record_count) filter (where counted.kind = 'rejected') as rejected_count,
    max(counted.as_of_date) filter (where counted.kind = 'rejected') as rejected_up_to
from mart.dim_error_group as listed
left join (
    select told.*
    from mart.error_group_count as told
    inner join newest on told.kind = newest.kind and told.as_of_date = newest.as_of_date
) as counted on listed.group_code = counted.group_code
group by listed.group_code, listed.name_vi, listed.name_en, listed.position
order by listed.position
