-- Purpose:    the publication that a release is of.
-- Grain:      one row, or none.
-- Parameters: publication; null: the newest one.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select
    publication.publication_id,
    publication.as_of_date,
    publication.published_at,
    publication.smallest_shown,
    publication.source_codes,
    (
        select max(earlier.publication_id)
        from mart.kpi_publication as earlier
        where
            earlier.as_of_date = publication.as_of_date
            and earlier.publication_id < publication.publication_id
    ) as replaces
from mart.kpi_publication as publication
where
    publication.publication_id = coalesce(
        cast(:publication as bigint),
        (select max(newest.publication_id) from mart.kpi_publication as newest)
    )
