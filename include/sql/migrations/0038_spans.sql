-- Purpose:    forget fingerprints of KPI definitions whose query took a day: it returns the spans
--             of days on which things count, and counts the same on every day. `migrate` stores
--             new ones; that no definition changed is held by include/reference/kpi_versions.csv.
-- Grain:      one version of a definition.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition.
update mart.kpi_definition set digest = null;
