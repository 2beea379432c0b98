-- Purpose:    give the received text of publications.province_value its types and meaning.
-- Grain:      one value of one publication. | Một giá trị của một lần công bố.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
select
    _row,
    province_key,
    core.whole_number(publication_number)::bigint as publication_number,
    cell,
    core.whole_number(place)::bigint as place,
    as_of_date::date as as_of_date,
    core.iso_moment(published_at) as published_at,
    core.whole_number(smallest_shown)::integer as smallest_shown,
    definition,
    kpi_code,
    core.whole_number(kpi_version)::integer as kpi_version,
    unit_code,
    coalesce(breakdown, '') as breakdown,
    coalesce(member_code, '') as member_code,
    core.whole_number(numerator)::bigint as numerator,
    core.whole_number(denominator)::bigint as denominator,
    value::numeric(24, 6) as value,
    missing_reason,
    is_rounded = 'true' as is_rounded,
    counted_on::date as counted_on
from accepted
