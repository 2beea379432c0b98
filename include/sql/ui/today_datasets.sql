-- Purpose:    how a dataset stands: its last publication with its books, and what came after it.
-- Grain:      one dataset that any run has asked for.
-- Parameters: none.
-- Reads:      ops.load, ops.load_cause, ops.watermark.
-- Writes:     nothing.
with published as (
    select distinct on (load.source_code, load.dataset_code) load.*
    from ops.load
    where load.status = 'published' and load.corrects_load_id is null
    order by load.source_code asc, load.dataset_code asc, load.published_at desc
),

-- The newest load that asks for more than is in core: what other runs published is lost to nobody.
pending as (
    select distinct on (load.source_code, load.dataset_code) load.*
    from ops.load
    left join ops.watermark
        on load.source_code = watermark.source_code and load.dataset_code = watermark.dataset_code
    where
        load.status not in ('published', 'abandoned')
        and load.corrects_load_id is null
        and (watermark.reached is null or watermark.reached < load.window_until)
    order by load.source_code asc, load.dataset_code asc, load.load_id desc
)

select
    coalesce(published.source_code, pending.source_code) as source_code,
    coalesce(published.dataset_code, pending.dataset_code) as dataset_code,
    watermark.reached,
    published.load_id,
    published.day,
    published.published_at,
    published.declared_count,
    published.received_count,
    published.inserted_count,
    published.updated_count,
    published.unchanged_count,
    published.deleted_count,
    published.superseded_count,
    published.quarantined_count,
    published.received_count = published.declared_count
    and published.received_count
    = published.inserted_count + published.updated_count + published.unchanged_count
    + published.deleted_count + published.superseded_count + published.quarantined_count
        as is_balanced,
    coalesce(pending.drift, published.drift) as drift,
    pending.load_id as pending_load_id,
    pending.run_key as pending_run_key,
    pending.day as pending_day,
    pending.status as pending_status,
    pending.cause as pending_cause,
    case pending.status when 'held' then 'batch_held' else coded.cause_code end
        as pending_cause_code,
    coded.detail_code as pending_detail_code,
    coded.detail_parameters as pending_detail_parameters,
    pending.opened_at as pending_opened_at,
    pending.export_handle is not null as pending_has_export
from published
full join pending
    on
        published.source_code = pending.source_code
        and published.dataset_code = pending.dataset_code
left join ops.load_cause as coded on pending.load_id = coded.load_id
left join ops.watermark
    on
        coalesce(published.source_code, pending.source_code) = watermark.source_code
        and coalesce(published.dataset_code, pending.dataset_code) = watermark.dataset_code
