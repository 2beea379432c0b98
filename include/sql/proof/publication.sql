-- Purpose:    what a publication's file says of it: its day, what it replaces, what it was made by.
-- Grain:      one row.
-- Parameters: publication.
-- Reads:      mart.kpi_publication, ops.kpi_build, ops.kpi_verification.
-- Writes:     nothing.
select
    publication.as_of_date,
    publication.published_at,
    publication.reason,
    publication.smallest_shown,
    publication.source_codes,
    build.build_id,
    (
        select max(earlier.publication_id)
        from mart.kpi_publication as earlier
        where
            earlier.as_of_date = publication.as_of_date
            and earlier.publication_id < publication.publication_id
    ) as replaces,
    (
        select max(verified.verification_id)
        from ops.kpi_verification as verified
        where
            verified.as_of_date = publication.as_of_date
            and (verified.build_id is null or verified.build_id <= build.build_id)
    ) as verification_id
from mart.kpi_publication as publication
left join ops.kpi_build as build on publication.publication_id = build.publication_id
where publication.publication_id = :publication
