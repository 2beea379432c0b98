-- Purpose:    the catalogue of KPIs: the newest version of each definition.
-- Grain:      one KPI.
-- Parameters: kpi: one code; null: all. after_kpi: codes after this one. many: at most so many.
-- Reads:      mart.kpi_definition.
-- Writes:     nothing.
select distinct on (kpi_code)
    kpi_code,
    kpi_version,
    array_agg(kpi_version) over (
        partition by kpi_code
        order by kpi_version
        rows between unbounded preceding and unbounded following
    ) as versions,
    base_code,
    name_en,
    name_vi,
    unit,
    grain,
    period,
    additivity,
    has_denominator,
    breakdowns,
    hides_small_cells,
    owner_agency,
    legal_basis,
    formula_en,
    formula_vi,
    source_codes
from mart.kpi_definition
where
    (cast(:kpi as text) is null or kpi_code = :kpi)
    and kpi_code > :after_kpi
order by kpi_code asc, kpi_version desc
limit :many
