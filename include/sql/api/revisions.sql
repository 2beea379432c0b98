-- Purpose:    values that a publication changed, against the one that it replaces, one page after a
--             place. The same rows as mart.kpi_revision, with the reason of what is not shown.
-- Grain:      one changed value.
-- Parameters: publication, replaces; kpi, level, unit: null for all; boundaries: null for both;
--             breakdown: '' for totals, null for totals and members; after_kpi, after_level,
--             after_unit, after_boundaries, after_breakdown, after_member: the place, '' for the
--             beginning; many: at most so many.
-- Reads:      mart.kpi_publication, mart.kpi_value.
-- Writes:     nothing.
with said as (
    select value.*
    from mart.kpi_value as value
    where
        value.publication_id = any(array[:publication, :replaces])
        and (cast(:kpi as text) is null or value.kpi_code = :kpi)
        and (cast(:level as text) is null or value.unit_level = :level)
        and (cast(:unit as text) is null or value.unit_code = :unit)
        and (cast(:boundaries as text) is null or value.boundary_version = :boundaries)
        and (cast(:breakdown as text) is null or value.breakdown = :breakdown)
        and (
            value.kpi_code,
            value.unit_level,
            value.unit_code,
            value.boundary_version,
            value.breakdown,
            value.member_code
        ) > (
            :after_kpi,
            :after_level,
            :after_unit,
            :after_boundaries,
            :after_breakdown,
            :after_member
        )
),

compared as (
    select
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        max(numerator) filter (where publication_id = :replaces) as numerator_before,
        max(denominator) filter (where publication_id = :replaces) as denominator_before,
        max(value) filter (where publication_id = :replaces) as value_before,
        max(missing_reason) filter (where publication_id = :replaces) as missing_reason_before,
        bool_or(publication_id = :replaces) as was_listed,
        max(numerator) filter (where publication_id = :publication) as numerator,
        max(denominator) filter (where publication_id = :publication) as denominator,
        max(value) filter (where publication_id = :publication) as value,
        max(missing_reason) filter (where publication_id = :publication) as missing_reason
    from said
    group by kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
)

select
    publication.publication_id,
    publication.published_at,
    cast(:replaces as bigint) as replaces,
    publication.as_of_date,
    compared.kpi_code,
    compared.unit_level,
    compared.unit_code,
    compared.boundary_version,
    compared.breakdown,
    compared.member_code,
    compared.numerator_before,
    compared.denominator_before,
    compared.value_before,
    compared.missing_reason_before,
    compared.numerator,
    compared.denominator,
    compared.value,
    compared.missing_reason
from compared
inner join mart.kpi_publication as publication on publication.publication_id = :publication
where
    (compared.numerator_before, compared.denominator_before)
    is distinct from (compared.numerator, compared.denominator)
    and (compared.was_listed or compared.numerator > 0 or compared.denominator > 0)
order by
    compared.kpi_code asc,
    compared.unit_level asc,
    compared.unit_code asc,
    compared.boundary_version asc,
    compared.breakdown asc,
    compared.member_code asc
limit :many
