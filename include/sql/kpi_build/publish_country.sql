-- Purpose:    publish the values of a national build.
-- Grain:      one value.
-- Parameters: publication; as_of, its day.
-- Reads:      country_value (of this build).
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, is_suppressed, unknown_because, numerator, denominator,
    value, is_rounded, counted_on, part_codes
)
select
    cast(:publication as bigint) as publication_id,
    cast(:as_of as date) as as_of_date,
    kpi_code,
    kpi_version,
    unit_level,
    unit_code,
    boundary_version,
    breakdown,
    member_code,
    province_code,
    is_suppressed,
    unknown_because,
    numerator,
    denominator,
    value,
    is_rounded,
    counted_on,
    part_codes
from country_value
