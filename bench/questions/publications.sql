-- Purpose:    days that can be chosen, and when they were published last.
-- Grain:      one publication.
-- Parameters: none.
-- Reads:      mart.kpi_publication.
select
    as_of_date,
    published_at,
    reason,
    smallest_shown
from mart.kpi_publication
order by published_at desc
limit 400
