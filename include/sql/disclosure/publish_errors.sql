-- Purpose:    publish counts of rejected records by group of errors, if they differ from what the
--             day says.
-- Grain:      one row per group.
-- Parameters: as_of, the day.
-- Reads:      cell, rounded (both of this step), mart.error_count.
-- Writes:     mart.error_count.
insert into mart.error_count (as_of_date, revision, group_code, record_count, is_rounded)
with shown as (
    select
        cell.member_code as group_code,
        coalesce(rounded.counted, cell.counted) as record_count,
        cell.is_rounded
    from cell
    left join rounded on cell.cell_id = rounded.cell_id
),

last as (
    select coalesce(max(said.revision), 0) as revision
    from mart.error_count as said
    where said.as_of_date = :as_of
)

select
    cast(:as_of as date) as as_of_date,
    last.revision + 1 as revision,
    shown.group_code,
    shown.record_count,
    shown.is_rounded
from shown
cross join last
where exists (
    select
        told.group_code,
        told.record_count,
        told.is_rounded
    from shown as told
    except
    select
        said.group_code,
        said.record_count,
        said.is_rounded
    from mart.error_count as said
    where said.as_of_date = :as_of and said.revision = last.revision
)
