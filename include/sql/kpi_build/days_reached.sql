-- Purpose:    the days whose KPIs the published loads of some runs of a source can change.
-- Grain:      one row per day that some source has published.
-- Parameters: source; runs, the keys of the runs.
-- Reads:      ops.load.
-- Writes:     nothing.
select distinct known.day
from ops.load as known
inner join ops.load as reaching
    on known.day = reaching.day or known.day >= reaching.affects_from
where
    known.status = 'published'
    and reaching.status = 'published'
    and reaching.source_code = :source
    and reaching.run_key = any(:runs)
order by known.day
