-- Purpose:    the days whose KPIs are to be built: the ledger's answer to what there is to do.
-- Grain:      one row per day that some source has published.
-- Parameters: codes, versions: the definitions that a build computes by.
-- Reads:      ops.load, ops.kpi_coverage, ops.verification, ops.kpi_verification, ops.watermark,
--             ops.kpi_build, ops.kpi_build_value, mart.kpi_value.
-- Writes:     nothing.
--
-- Every publication has a row of every KPI, be it without a number. A build that was held has
-- numbers only: it is built again for a changed definition, not for a new KPI, which the first
-- build after the decision brings.
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
),

definition as (
    select
        kpi_code,
        kpi_version
    from unnest(cast(:codes as text[]), cast(:versions as integer[])) as d (kpi_code, kpi_version)
),

newest as (
    select distinct on (as_of_date)
        as_of_date,
        build_id,
        publication_id
    from ops.kpi_build
    where state <> 'superseded'
    order by as_of_date asc, build_id desc
),

-- Looked up value by value, by index: publications of years have millions.
defined_since as (
    select distinct newest.as_of_date
    from newest
    cross join definition
    where
        (
            newest.publication_id is not null
            and (
                select true
                from mart.kpi_value as said
                where said.publication_id = newest.publication_id
                order by said.kpi_code
                limit 1
            )
            and (
                select true
                from mart.kpi_value as said
                where
                    said.publication_id = newest.publication_id
                    and said.kpi_code = definition.kpi_code
                    and said.kpi_version = definition.kpi_version
                order by said.kpi_code
                limit 1
            ) is null
        )
        or (
            newest.publication_id is null
            and (
                select said.kpi_version
                from ops.kpi_build_value as said
                where
                    said.build_id = newest.build_id
                    and said.kpi_code = definition.kpi_code
                order by said.kpi_code
                limit 1
            ) <> definition.kpi_version
        )
)

select day.day
from day
left join last on day.day = last.as_of_date
where
    last.as_of_date is null
    or day.day in (select defined_since.as_of_date from defined_since)
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
