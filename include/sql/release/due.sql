-- Purpose:    publications that are to be released: those after the newest release, in order; the
--             newest one alone where nothing was released yet.
-- Grain:      one publication.
-- Parameters: after: number of the newest release; null: there is none.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select publication_id
from mart.kpi_publication
where
    publication_id > :after
    or (
        cast(:after as bigint) is null
        and publication_id = (select max(publication_id) from mart.kpi_publication)
    )
order by publication_id
