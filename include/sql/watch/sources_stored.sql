-- Purpose:    sources of which core has tables.
-- Grain:      one source.
-- Parameters: none.
-- Reads:      ops.agreed_table, ops.watermark.
-- Writes:     nothing.
select agreed_table.source_code from ops.agreed_table
union
select watermark.source_code from ops.watermark
order by source_code
