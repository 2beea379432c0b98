-- Purpose:    zeros of the publication that a build took values over from: which units it lists is
--             up to the grid of that day. Only where nothing was counted in core either.
-- Grain:      one row per value of 0.
-- Parameters: earlier: the publication; codes: KPIs that were taken over.
-- Reads:      built, ops.kpi_exact.
-- Writes:     built.
insert into built (
    kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code, numerator,
    denominator
)
select
    said.kpi_code,
    said.unit_level,
    said.unit_code,
    said.boundary_version,
    said.breakdown,
    said.member_code,
    said.numerator,
    said.denominator
from ops.kpi_exact as said
left join built
    on
        said.kpi_code = built.kpi_code
        and said.unit_level = built.unit_level
        and said.unit_code = built.unit_code
        and said.boundary_version = built.boundary_version
        and said.breakdown = built.breakdown
        and said.member_code = built.member_code
where
    said.publication_id = :earlier
    and said.kpi_code = any(:codes)
    and said.numerator = 0
    and coalesce(said.denominator, 0) = 0
    and built.kpi_code is null
