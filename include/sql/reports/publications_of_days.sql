-- Purpose:    every publication of the days between two days, in the order in which they were made.
-- Grain:      one publication.
-- Parameters: first_day, last_day.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select
    publication_id,
    as_of_date,
    published_at,
    reason
from mart.kpi_publication
where as_of_date between :first_day and :last_day
order by publication_id
