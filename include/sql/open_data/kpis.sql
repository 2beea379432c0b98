-- Purpose:    what the KPIs of a publication count, in the version that they were computed by.
-- Grain:      one KPI.
-- Parameters: publication.
-- Reads:      mart.kpi_definition, mart.kpi_value.
-- Writes:     nothing.
select
    definition.kpi_code,
    definition.kpi_version,
    definition.base_code,
    definition.period,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    definition.grain,
    definition.additivity,
    definition.has_denominator,
    definition.owner_agency,
    definition.legal_basis,
    definition.formula_en,
    definition.formula_vi,
    definition.source_codes,
    definition.breakdowns,
    definition.hides_small_cells
from mart.kpi_definition as definition
where
    exists (
        select from mart.kpi_value as value
        where
            value.publication_id = :publication
            and value.kpi_code = definition.kpi_code
            and value.kpi_version = definition.kpi_version
    )
order by definition.position, definition.kpi_code collate "C", definition.kpi_version -- noqa: RF03
