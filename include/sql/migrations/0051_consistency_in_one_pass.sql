-- Purpose:    forget fingerprints of the definitions of consistency, whose query now counts all its
--             KPIs in one pass: what it counts has not changed. `migrate` stores new ones; that no
--             definition changed is held by include/reference/kpi_versions.csv.
-- Grain:      one version of a definition.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition.
update mart.kpi_definition set digest = null
where
    kpi_code like 'quality.consistent%'
    or kpi_code like 'quality.not\_comparable%'
    or kpi_code = 'quality.disagreements';
