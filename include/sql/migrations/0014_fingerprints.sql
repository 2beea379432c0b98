-- Purpose:    forget fingerprints of KPI definitions that were made of a family's whole query: a
--             change of one KPI looked like a change of all beside it. `migrate` stores new ones;
--             that no definition changed with them is held by include/reference/kpi_versions.csv.
-- Grain:      one version of a definition.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition.
update mart.kpi_definition set digest = null;
