-- Purpose:    a publication's values as readers of mart see them: nothing of what is hidden, counts
--             by commune and member rounded.
-- Grain:      one value.
-- Parameters: publication.
-- Reads:      mart.kpi_value.
-- Writes:     nothing.
select
    kpi_code,
    kpi_version,
    unit_level,
    unit_code,
    boundary_version,
    breakdown,
    member_code,
    numerator,
    denominator,
    value,
    missing_reason,
    is_rounded,
    counted_on,
    array_to_string(part_codes, ' ') as part_codes
from mart.kpi_value
where publication_id = {publication}
order by
    kpi_code collate "C",
    unit_level collate "C",
    unit_code collate "C",
    boundary_version collate "C",
    breakdown collate "C",
    member_code collate "C"
