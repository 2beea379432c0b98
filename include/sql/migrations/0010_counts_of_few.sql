-- Purpose:    exact counts of few rows leave mart: a cause of a revision is published without its
--             number when it is small, and counts of correction lists are in ops.agency_correction.
-- Grain:      see the comments of the relations.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.agency_correction.
alter table mart.kpi_revision_cause alter column row_count drop not null;
comment on column mart.kpi_revision_cause.row_count is
'Rows of that cause, dated up to the day; null: fewer than may be shown (docs/decisions/0021).';

drop view if exists mart.agency_correction;
