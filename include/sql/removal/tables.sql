-- Purpose:    the tables that core holds of a source, whether or not it has a contract here.
-- Grain:      one dataset.
-- Parameters: source.
-- Reads:      ops.agreed_table, ops.watermark.
-- Writes:     nothing.
select
    known.dataset_code,
    known.source_code || '__' || known.dataset_code as table_name
from (
    select
        agreed_table.source_code,
        agreed_table.dataset_code
    from ops.agreed_table
    union
    -- Loaded before the terms of tables were written down.
    select
        watermark.source_code,
        watermark.dataset_code
    from ops.watermark
) as known
where
    known.source_code = :source
    and to_regclass('core.' || known.source_code || '__' || known.dataset_code) is not null
order by known.dataset_code
