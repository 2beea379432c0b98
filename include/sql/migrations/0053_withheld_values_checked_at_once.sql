-- Purpose:    that a withheld value belongs to a publication is checked once for all values of a
--             statement (mart.refuse_unknown_parent), as of values that are shown, and no longer
--             row by row. The foreign key stays declared for tools that read it.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     constraints of ops.kpi_withheld.
alter table ops.kpi_withheld
alter constraint kpi_withheld_publication_id_fkey not enforced;
