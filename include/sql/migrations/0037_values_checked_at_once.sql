-- Purpose:    that a value belongs to a publication and a definition is checked once for all values
--             of a statement (mart.refuse_unknown_parent) and no longer row by row, which took 40 %
--             of the time of publishing. The foreign keys stay declared for tools that read them.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     constraints of mart.kpi_value.
alter table mart.kpi_value
alter constraint kpi_value_publication_id_fkey not enforced;
alter table mart.kpi_value
alter constraint kpi_value_kpi_code_kpi_version_fkey not enforced;
