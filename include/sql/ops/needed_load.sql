-- Purpose:    loads whose files, tables and payloads are still needed.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load, ops.watermark.
-- Writes:     ops.needed_load.
create or replace view ops.needed_load as
select load.load_id
from ops.load
left join ops.watermark
    on load.source_code = watermark.source_code and load.dataset_code = watermark.dataset_code
where
    load.status not in ('published', 'abandoned')
    and (
        -- A replay's window was published long ago; what it corrects was not.
        load.corrects_load_id is not null
        or watermark.reached is null
        or watermark.reached < load.window_until
    );

comment on view ops.needed_load is
'Loads whose files, tables and payloads are still needed: not published, and what they were to bring
has come by no other load either. | Lượt nạp còn cần dữ liệu gốc.';
comment on column ops.needed_load.load_id is 'The load.';
