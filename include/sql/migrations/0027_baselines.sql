-- Purpose:    a target says whether its KPI begins at 0 in each period; else progress is measured
--             from what was published at the start.
-- Grain:      one target.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table mart.kpi_target add column starts_from_zero boolean not null default false;
comment on column mart.kpi_target.starts_from_zero is
'True: the KPI begins at 0 in each period (accounts of a month); false: it goes on.';
