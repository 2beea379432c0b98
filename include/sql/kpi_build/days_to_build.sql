-- Purpose:    the days whose KPIs are to be built: the ledger's answer to what there is to do.
-- Grain:      one row per day that some source has published.
-- Parameters: none.
-- Reads:      ops.load, ops.kpi_coverage, ops.verification, ops.kpi_verification, ops.watermark,
--             ops.kpi_build.
-- Writes:     nothing.
with day as (
    select distinct day
    from ops.load
    where status = 'published'
),

-- Moments become days at midnight in Vietnam, the session's time zone.
reached as (
    select
        source_code,
        min(reached) as until
    from ops.watermark
    group by source_code
),

last as (
    select distinct on (as_of_date)
        as_of_date,
        source_codes
    from ops.kpi_build
    order by as_of_date asc, build_id desc
)

select day.day
from day
left join last on day.day = last.as_of_date
where
    last.as_of_date is null
    or exists (
        select 1
        from reached
        where
            reached.until >= (day.day + 1)::timestamptz
            and reached.source_code <> all(last.source_codes)
    )
    or exists (
        select 1
        from ops.load
        left join ops.kpi_coverage as covered
            on load.load_id = covered.load_id and day.day = covered.as_of_date
        where
            load.status = 'published'
            and covered.load_id is null
            and (load.affects_from <= day.day or load.day = day.day)
    )
    or exists (
        select 1
        from ops.verification
        left join ops.kpi_verification as covered
            on
                verification.verification_id = covered.verification_id
                and day.day = covered.as_of_date
        where verification.affects_from <= day.day and covered.verification_id is null
    )
order by day.day
