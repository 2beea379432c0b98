-- Purpose:    which loads and runs of verification the list of an agency is made from.
-- Grain:      one source and day.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.verification_dataset, ops.verification_day.
-- Writes:     ops.agency_list_input.
create or replace view ops.agency_list_input as
select
    coalesce(loaded.source_code, verified.source_code) as source_code,
    coalesce(loaded.day, verified.day) as day,
    coalesce(loaded.load_ids, '{}') as load_ids,
    coalesce(verified.verification_ids, '{}') as verification_ids
from (
    select
        load.source_code,
        load.day,
        array_agg(load.load_id order by load.load_id) as load_ids
    from ops.load
    where
        load.status in ('published', 'quarantined')
        -- Held by its suite before its rows are set aside: nothing to list yet.
        or (
            load.status = 'held'
            and exists (
                select from ops.quarantine
                where quarantine.load_id = load.load_id
            )
        )
    group by load.source_code, load.day
) as loaded
full join (
    select
        split_part(examined.dataset_code, '.', 1) as source_code,
        run.day,
        array_agg(distinct run.verification_id) as verification_ids
    from ops.verification_dataset as examined
    inner join ops.verification_day as run on examined.verification_id = run.verification_id
    where examined.changed_count > 0
    group by split_part(examined.dataset_code, '.', 1), run.day
) as verified on loaded.source_code = verified.source_code and loaded.day = verified.day;

comment on view ops.agency_list_input is
'What the list of a source and day is made from: loads and runs of verification. |
Đầu vào của danh sách trả về cơ quan.';
comment on column ops.agency_list_input.source_code is 'Source key.';
comment on column ops.agency_list_input.day is 'Day of the list.';
comment on column ops.agency_list_input.load_ids is
'Loads of that day whose bad rows are set aside: published, or held whole.';
comment on column ops.agency_list_input.verification_ids is
'Runs of that day that gave records of the source another verdict.';
