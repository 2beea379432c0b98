-- Purpose:    forget fingerprints of KPI definitions whose query may count things that are alike at
--             once: what it counts has not changed. `migrate` stores new ones; that no definition
--             changed is held by include/reference/kpi_versions.csv.
-- Grain:      one version of a definition.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition.
update mart.kpi_definition set digest = null;
