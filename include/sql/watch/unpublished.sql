-- Purpose:    the newest day that every source has reached, when its KPIs are not published
--             although the last of its loads is long there; builds that wait for an official.
-- Grain:      one day.
-- Parameters: before, when the last load must have been published; sources, all that have a
--             contract.
-- Reads:      ops.watermark, ops.load, ops.kpi_build, mart.kpi_publication.
-- Writes:     nothing.
with reached as (
    select
        ((min(watermark.reached) at time zone 'Asia/Ho_Chi_Minh') - interval '1 day')::date as day,
        max(load.published_at) as loaded_at
    from ops.watermark
    inner join ops.load on watermark.load_id = load.load_id
    having count(distinct watermark.source_code) = cast(:sources as int)
),

held as (
    select
        as_of_date as day,
        max(build_id) as build_id
    from ops.kpi_build
    where state = 'held'
    group by as_of_date
)

select
    reached.day,
    null::bigint as build_id
from reached
where
    reached.loaded_at < :before
    and not exists (
        select from mart.kpi_publication as published
        where published.as_of_date = reached.day
    )
    and not exists (
        select from held
        where held.day = reached.day
    )
union all
select
    held.day,
    held.build_id
from held
order by day
