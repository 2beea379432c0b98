-- Purpose:    loads that brought nothing into core, and whose records no other load has brought
--             afterwards: a failed load stays on the list until it is done again.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load, ops.needed_load.
-- Writes:     ops.unsettled_load.
create or replace view ops.unsettled_load with (security_barrier = true) as
select load.load_id
from ops.load
left join ops.needed_load as needed on load.load_id = needed.load_id
where
    load.status not in ('published', 'abandoned')
    -- Corrections that are not loaded are on a list of their own.
    and load.corrects_load_id is null
    and (
        -- Windows above the watermark leave no gap: once it has passed, all of them are in core.
        needed.load_id is not null
        -- A day that was asked for again, as a backfill does, lay below it from the beginning.
        or exists (
            select from ops.load as earlier
            where
                earlier.source_code = load.source_code
                and earlier.dataset_code = load.dataset_code
                and earlier.window_until >= load.window_until
                and earlier.published_at < load.opened_at
        )
    )
    and not exists (
        select from ops.load as other
        where
            other.source_code = load.source_code
            and other.dataset_code = load.dataset_code
            and other.load_id <> load.load_id
            and other.corrects_load_id is null
            and other.window_until >= load.window_until
            and (other.window_since is null or other.window_since <= load.window_since)
            and (other.load_id > load.load_id or other.published_at > load.opened_at)
    );

comment on view ops.unsettled_load is
'Loads that are not published and that no other load has replaced: it asked for the same records
later, or published them. | Lượt nạp chưa công bố và chưa được lượt khác thay thế.';
comment on column ops.unsettled_load.load_id is 'The load.';

grant select on ops.unsettled_load to dean06_ui;
