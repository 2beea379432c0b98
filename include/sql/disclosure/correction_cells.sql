-- Purpose:    exact counts of correction cases as cells of the disclosure step, so that they are
--             rounded as counts by member are (docs/decisions/0033). What ended because the
--             registry changed is nobody's merit and counts in neither.
-- Grain:      one row of cell per source (empty: all of them) and measure; series has none.
-- Parameters: sources: all there are; base: what is rounded to, 0 for nothing.
-- Reads:      ops.correction_spell.
-- Writes:     cell (temporary).
create temporary table cell on commit drop as
with counted as (
    select
        source_code,
        count(*) filter (where closed_on is null) as open,
        count(*) filter (where is_overdue) as overdue,
        count(*) filter (
            where outcome in ('corrected', 'withdrawn') and not is_late
        ) as closed_in_time,
        count(*) filter (
            where outcome in ('corrected', 'withdrawn') and is_late
        ) as closed_late
    from ops.correction_spell
    group by source_code
)

select
    row_number() over () as cell_id,
    'correction.' || measured.measure as kpi_code,
    'source' as breakdown,
    coalesce(listed.source_code, '') as member_code,
    '' as unit_code,
    'province' as unit_level,
    '' as current_province_code,
    coalesce(sum(measured.cases), 0)::bigint as counted,
    null::bigint as uncounted,
    cast(:base as bigint) > 0 as is_rounded
from unnest(cast(:sources as text[])) as listed (source_code)
left join counted on listed.source_code = counted.source_code
cross join
    lateral (
        values
        ('open', counted.open),
        ('overdue', counted.overdue),
        ('closed_in_time', counted.closed_in_time),
        ('closed_late', counted.closed_late)
    ) as measured (measure, cases)
group by grouping sets ((measured.measure, listed.source_code), (measured.measure));

create temporary table series (
    kpi_code text, breakdown text, member_code text, current_province_code text, counted_in bigint
) on commit drop
