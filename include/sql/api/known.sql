-- Purpose:    what was published up to a moment: the newest publication and the newest day.
-- Grain:      one row.
-- Parameters: moment; newest: no publication after this one; null: any.
-- Reads:      mart.kpi_publication.
-- Writes:     nothing.
select
    max(publication_id) as newest,
    max(as_of_date) as newest_day
from mart.kpi_publication
where
    published_at <= :moment
    and (cast(:newest as bigint) is null or publication_id <= :newest)
