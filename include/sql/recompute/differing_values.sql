-- Purpose:    values of a publication that are other ones when they are computed again: published
--             numbers, marks and reasons; and the exact numbers behind them.
-- Grain:      one row per value that differs, and how.
-- Parameters: publication.
-- Reads:      built, then_kpi_value (both computed again), mart.kpi_value, ops.kpi_exact.
-- Writes:     nothing.
with published as (
    select
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        kpi_version,
        province_code,
        is_suppressed,
        is_rounded,
        unknown_because,
        counted_on,
        part_codes,
        numerator,
        denominator,
        value
    from mart.kpi_value
    where publication_id = :publication
),

exact as (
    select
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        numerator,
        denominator
    from ops.kpi_exact
    where publication_id = :publication
)

select
    coalesce(published.kpi_code, again.kpi_code) as kpi_code,
    coalesce(published.unit_level, again.unit_level) as unit_level,
    coalesce(published.unit_code, again.unit_code) as unit_code,
    coalesce(published.boundary_version, again.boundary_version) as boundary_version,
    coalesce(published.breakdown, again.breakdown) as breakdown,
    coalesce(published.member_code, again.member_code) as member_code,
    case
        when again.kpi_code is null then 'more'
        when published.kpi_code is null then 'less'
        when published.is_suppressed <> again.is_suppressed then 'hidden'
        when coalesce(published.unknown_because, '') <> coalesce(again.unknown_because, '')
            then 'reason'
        else 'value'
    end as difference
from published
full join then_kpi_value as again
    on
        published.kpi_code = again.kpi_code
        and published.unit_level = again.unit_level
        and published.unit_code = again.unit_code
        and published.boundary_version = again.boundary_version
        and published.breakdown = again.breakdown
        and published.member_code = again.member_code
where
    (
        published.kpi_version, published.province_code, published.is_suppressed,
        published.is_rounded, published.unknown_because, published.counted_on,
        published.part_codes, published.numerator, published.denominator, published.value
    ) is distinct from (
        again.kpi_version, again.province_code, again.is_suppressed,
        again.is_rounded, again.unknown_because, again.counted_on,
        again.part_codes, again.numerator, again.denominator, again.value
    )
union all
select
    coalesce(exact.kpi_code, built.kpi_code) as kpi_code,
    coalesce(exact.unit_level, built.unit_level) as unit_level,
    coalesce(exact.unit_code, built.unit_code) as unit_code,
    coalesce(exact.boundary_version, built.boundary_version) as boundary_version,
    coalesce(exact.breakdown, built.breakdown) as breakdown,
    coalesce(exact.member_code, built.member_code) as member_code,
    'exact' as difference
from exact
full join built
    on
        exact.kpi_code = built.kpi_code
        and exact.unit_level = built.unit_level
        and exact.unit_code = built.unit_code
        and exact.boundary_version = built.boundary_version
        and exact.breakdown = built.breakdown
        and exact.member_code = built.member_code
where
    (exact.kpi_code, exact.numerator, exact.denominator)
    is distinct from (built.kpi_code, built.numerator, built.denominator)
order by
    kpi_code asc, unit_level desc, unit_code asc, boundary_version asc, breakdown asc,
    member_code asc
