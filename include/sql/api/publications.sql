-- Purpose:    publications with those that they replace, one page after a number.
-- Grain:      one publication.
-- Parameters: first_day, last_day: null for all; moment, newest: publications up to both; after:
--             numbers after this one; only_replacing: whether first publications of a day are left
--             out; number: one publication, null for all; many: at most so many.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
with listed as (
    select
        publication_id,
        as_of_date,
        published_at,
        reason,
        source_codes,
        smallest_shown,
        lag(publication_id) over (
            partition by as_of_date order by publication_id
        ) as replaces
    from mart.kpi_publication
    where
        (cast(:first_day as date) is null or as_of_date >= :first_day)
        and (cast(:last_day as date) is null or as_of_date <= :last_day)
)

select *
from listed
where
    published_at <= :moment
    and publication_id <= :newest
    and publication_id > :after
    and (cast(:number as bigint) is null or publication_id = :number)
    and (not :only_replacing or replaces is not null)
order by publication_id
limit :many
