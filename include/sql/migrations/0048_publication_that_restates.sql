-- Purpose:    comment of mart's table of restated values that says what the publication restates.
-- Grain:      one comment.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
comment on column mart.kpi_revision_cause.publication_id is
'The publication that restates the value.';
