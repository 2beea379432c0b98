-- Purpose:    keep of which day the counts by commune of a publication are, with what their
--             province counted on that day.
-- Grain:      one row per KPI, member of a breakdown and province as reported.
-- Parameters: publication.
-- Reads:      series (of this build), ops.commune_count.
-- Writes:     ops.commune_count.
insert into ops.commune_count (
    publication_id, kpi_code, kpi_version, breakdown, member_code, province_code, counted_on,
    counted_in, counted, uncounted
)
select
    cast(:publication as bigint) as publication_id,
    series.kpi_code,
    series.kpi_version,
    series.breakdown,
    series.member_code,
    series.province_code,
    series.counted_on,
    coalesce(series.counted_in, cast(:publication as bigint)) as counted_in,
    case when series.counted_in is null then series.counted else shown.counted end as counted,
    case when series.counted_in is null then series.uncounted else shown.uncounted end
        as uncounted
from series
left join ops.commune_count as shown
    on
        series.counted_in = shown.publication_id
        and series.kpi_code = shown.kpi_code
        and series.breakdown = shown.breakdown
        and series.member_code = shown.member_code
        and series.province_code = shown.province_code
where series.counted_in is null or shown.publication_id is not null
