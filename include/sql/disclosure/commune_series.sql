-- Purpose:    which counts by commune are shown again and which stay as they were shown: counts of
--             a KPI change when its province has changed by enough, or not at all, against what the
--             day said last and what the days beside it say. Otherwise who sees one more in the
--             province and a commune that moved would know where it was. A new month, quarter or
--             year begins with counts of its own. counted_in is null where counts are shown again.
-- Grain:      one row per KPI, member of a breakdown and province of today.
-- Parameters: as_of, the day; publication, the one that is being made; enough, the least change.
-- Reads:      cell, definition, reform, begun (all of this build), mart.kpi_publication,
--             ops.commune_count.
-- Writes:     series (temporary).
create temporary table series on commit drop as
with beside as (
    select
        max(publication_id) as publication_id,
        1 as nearness
    from mart.kpi_publication
    where as_of_date = :as_of and publication_id < :publication
    union all
    (
        select
            publication_id,
            2 as nearness
        from mart.kpi_publication
        where as_of_date < :as_of and publication_id < :publication
        order by as_of_date desc, publication_id desc
        limit 1
    )
    union all
    (
        select
            publication_id,
            3 as nearness
        from mart.kpi_publication
        where as_of_date > :as_of and publication_id < :publication
        order by as_of_date asc, publication_id desc
        limit 1
    )
),

-- What has rounded counts by commune.
by_commune as materialized (
    select distinct
        kpi_code,
        breakdown
    from cell
    where is_rounded and unit_level = 'commune'
),

total as (
    select
        province.kpi_code,
        definition.kpi_version,
        definition.period,
        definition.counts_from,
        province.breakdown,
        province.member_code,
        province.unit_code as province_code,
        province.current_code as current_province_code,
        province.counted,
        province.uncounted
    from cell as province
    inner join definition on province.kpi_code = definition.kpi_code
    where
        (province.is_guarded or province.is_rounded)
        and province.unit_level = 'province'
        and province.boundary_version = 'as_reported'
        and not exists (
            select from begun
            where
                begun.kpi_code = province.kpi_code
                and begun.current_province_code = province.current_province_code
        )
        and (province.kpi_code, province.breakdown) in (
            select
                by_commune.kpi_code,
                by_commune.breakdown
            from by_commune
        )
),

change as (
    select
        total.kpi_code,
        total.breakdown,
        total.member_code,
        total.current_province_code,
        beside.nearness,
        min(shown.counted_on) as counted_on,
        min(shown.counted_in) as counted_in,
        max(greatest(abs(total.counted - shown.counted), abs(total.uncounted - shown.uncounted)))
            as distance,
        bool_and(
            abs(total.counted - shown.counted) not between 1 and cast(:enough as bigint) - 1
            and coalesce(abs(total.uncounted - shown.uncounted), 0)
            not between 1 and cast(:enough as bigint) - 1
        ) as is_enough
    from total
    inner join ops.commune_count as shown
        on
            total.kpi_code = shown.kpi_code
            and total.kpi_version = shown.kpi_version
            and total.breakdown = shown.breakdown
            and total.member_code = shown.member_code
            and total.province_code = shown.province_code
    inner join beside on shown.publication_id = beside.publication_id
    cross join reform
    -- Units of another era are other units.
    where
        width_bucket(shown.counted_on, reform.days)
        = width_bucket(cast(:as_of as date), reform.days)
        and (
            total.period not in ('month', 'quarter', 'year')
            or mart.period_start(total.period, total.counts_from, shown.counted_on)
            = mart.period_start(total.period, total.counts_from, cast(:as_of as date))
        )
    group by
        total.kpi_code, total.breakdown, total.member_code, total.current_province_code,
        beside.nearness
),

kept as (
    select distinct on (kpi_code, breakdown, member_code, current_province_code)
        kpi_code,
        breakdown,
        member_code,
        current_province_code,
        counted_on,
        counted_in
    from change
    where
        (kpi_code, breakdown, member_code, current_province_code) in (
            select
                little.kpi_code,
                little.breakdown,
                little.member_code,
                little.current_province_code
            from change as little
            where not little.is_enough
        )
    order by
        kpi_code asc, breakdown asc, member_code asc, current_province_code asc,
        distance asc, nearness asc
)

select
    total.kpi_code,
    total.kpi_version,
    total.breakdown,
    total.member_code,
    total.current_province_code,
    total.province_code,
    total.counted,
    total.uncounted,
    coalesce(kept.counted_on, cast(:as_of as date)) as counted_on,
    kept.counted_in,
    row_number() over (
        partition by
            total.kpi_code, total.breakdown, total.member_code, total.current_province_code
        order by total.province_code
    ) = 1 as is_first
from total
left join kept
    on
        total.kpi_code = kept.kpi_code
        and total.breakdown = kept.breakdown
        and total.member_code = kept.member_code
        and total.current_province_code = kept.current_province_code
