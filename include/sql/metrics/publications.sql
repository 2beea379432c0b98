-- Purpose:    publications of KPIs: how many, when the last one was made, and up to when the newest
--             day with values reaches.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select
    count(*) as publications,
    extract(epoch from max(published_at)) as published_at,
    extract(
        epoch from ((max(as_of_date) + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
    ) as reached
from mart.kpi_publication
