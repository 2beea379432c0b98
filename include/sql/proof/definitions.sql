-- Purpose:    the definitions that a publication's values were computed by.
-- Grain:      one KPI.
-- Parameters: publication.
-- Reads:      mart.kpi_definition, mart.kpi_value.
-- Writes:     nothing.
select
    definition.kpi_code,
    definition.kpi_version,
    definition.digest
from mart.kpi_definition as definition
where
    exists (
        select from mart.kpi_value as value
        where
            value.publication_id = :publication
            and value.kpi_code = definition.kpi_code
            and value.kpi_version = definition.kpi_version
    )
order by definition.kpi_code collate "C", definition.kpi_version -- noqa: RF03
