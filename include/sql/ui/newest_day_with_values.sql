-- Purpose:    the newest day on which a total had a value, as published up to a moment.
-- Grain:      at most one row.
-- Parameters: moment; boundaries; level; unit, kpi: null for any.
-- Reads:      mart.kpi_publication, mart.kpi_value.
-- Writes:     nothing.
select published.as_of_date as day
from (
    select
        publication.as_of_date,
        max(publication.publication_id) as publication_id
    from mart.kpi_publication as publication
    where publication.published_at <= :moment
    group by publication.as_of_date
) as published
-- One publication after the other, the newest first: most have a value, and one row is enough.
cross join
    lateral (
        select value.value
        from mart.kpi_value as value
        where
            value.publication_id = published.publication_id
            and (cast(:kpi as text) is null or value.kpi_code = :kpi)
            and value.unit_level = :level
            and (cast(:unit as text) is null or value.unit_code = :unit)
            and value.boundary_version = :boundaries
            and value.breakdown = ''
            and value.value is not null
        limit 1 -- noqa: AM09
    ) as found -- noqa: AL05
order by published.as_of_date desc
limit 1
