-- Purpose:    store the definition of a KPI; of one that is known, only what its version does not
--             depend on changes: its words, and what was added to definitions later.
-- Grain:      one KPI and version.
-- Parameters: fields of its front matter.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition.
insert into mart.kpi_definition as known
(
    kpi_code, kpi_version, name_en, name_vi, unit, grain, additivity,
    has_denominator, owner_agency, legal_basis, formula_en, formula_vi,
    breakdowns, source_codes, position, digest, hides_small_cells,
    period, base_code, counts_from
)
values (
    :code, :version, :name_en, :name_vi, :unit, :grain, :additivity,
    :has_denominator, :owner_agency, :legal_basis, :formula_en, :formula_vi,
    :breakdowns, :sources, :position, :digest, :hides_small_cells,
    :period, :base, :counts_from
)
on conflict (kpi_code, kpi_version)
do update set
    name_en = excluded.name_en, name_vi = excluded.name_vi,
    formula_en = excluded.formula_en, formula_vi = excluded.formula_vi,
    digest = excluded.digest, hides_small_cells = excluded.hides_small_cells,
    period = excluded.period, base_code = excluded.base_code
