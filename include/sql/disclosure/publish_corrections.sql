-- Purpose:    publish counts of correction cases up to a day, if they differ from what the day
--             says.
-- Grain:      one row per source (empty: all of them) and measure.
-- Parameters: as_of, the day.
-- Reads:      cell, rounded (both of this step), mart.correction_count.
-- Writes:     mart.correction_count.
insert into mart.correction_count (
    as_of_date, revision, source_code, measure, case_count, is_rounded
)
with shown as (
    select
        cell.member_code as source_code,
        split_part(cell.kpi_code, '.', 2) as measure,
        coalesce(rounded.counted, cell.counted) as case_count,
        cell.is_rounded
    from cell
    left join rounded on cell.cell_id = rounded.cell_id
),

last as (
    select coalesce(max(said.revision), 0) as revision
    from mart.correction_count as said
    where said.as_of_date = :as_of
)

select
    cast(:as_of as date) as as_of_date,
    last.revision + 1 as revision,
    shown.source_code,
    shown.measure,
    shown.case_count,
    shown.is_rounded
from shown
cross join last
where exists (
    select
        told.source_code,
        told.measure,
        told.case_count,
        told.is_rounded
    from shown as told
    except
    select
        said.source_code,
        said.measure,
        said.case_count,
        said.is_rounded
    from mart.correction_count as said
    where said.as_of_date = :as_of and said.revision = last.revision
)
