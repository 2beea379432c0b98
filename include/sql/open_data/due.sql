-- Purpose:    publications that are to be released: those after the newest release, in order; the
--             newest one alone where nothing was released yet.
-- Grain:      one publication.
-- Parameters: after: number of the newest release; null: there is none.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select publication.publication_id
from mart.kpi_publication as publication
where
    publication.publication_id > :after
    or (
        cast(:after as bigint) is null
        and not exists (
            select from mart.kpi_publication as later
            where later.publication_id > publication.publication_id
        )
    )
order by publication.publication_id
