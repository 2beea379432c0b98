-- Purpose:    the index of kept steps compares days before texts, and lists last: made in half the
--             time, and kept up in less.
-- Grain:      one index.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table ops.kpi_step drop constraint if exists kpi_step_is_kept_once;
alter table ops.kpi_step add constraint kpi_step_is_kept_once unique nulls not distinct (
    family, day, place_code, kpi_code, falls_from, era, members
);
