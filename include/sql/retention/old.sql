-- Purpose:    what the ledger and the catalogue know to be older than its period.
-- Grain:      one row per kind, dataset and whether it is still needed.
-- Parameters: none.
-- Reads:      ops.landing_due, ops.staging_due, ops.payload_due, ops.correction_record_due,
--             ops.replaced_due.
-- Writes:     nothing.
select
    due.what,
    coalesce(due.source_code || '.' || due.dataset_code, 'no load') as dataset_code,
    count(*) as item_count,
    coalesce(sum(due.byte_count), 0)::bigint as byte_count,
    due.is_needed
from (
    select
        'landing' as what,
        file.source_code,
        file.dataset_code,
        file.byte_count,
        file.is_needed
    from ops.landing_due as file
    union all
    select
        'staging' as what,
        stage.source_code,
        stage.dataset_code,
        stage.byte_count,
        stage.is_needed
    from ops.staging_due as stage
    union all
    select
        payload.what,
        payload.source_code,
        payload.dataset_code,
        payload.byte_count,
        payload.is_needed
    from ops.payload_due as payload
    union all
    select
        'correction' as what,
        closed.source_code,
        closed.dataset_code,
        0 as byte_count,
        false as is_needed
    from ops.correction_record_due as closed
    union all
    select
        'replaced' as what,
        earlier.source_code,
        earlier.dataset_code,
        0 as byte_count,
        earlier.is_needed
    from ops.replaced_due as earlier
    cross join generate_series(1, earlier.item_count)
) as due
group by due.what, due.source_code, due.dataset_code, due.is_needed
order by due.what, due.source_code, due.dataset_code, due.is_needed
