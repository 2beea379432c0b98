-- Purpose:    exact counts of rejected records by group of errors as cells of the disclosure step,
--             so that they are rounded as counts by member are (docs/decisions/0033). A record that
--             broke rules of two groups counts in both.
-- Grain:      one row of cell per group; series has none.
-- Parameters: as_of, the last of the 30 days of deliveries; base: what is rounded to, 0 for
--             nothing.
-- Reads:      ops.quarantine, ops.load, mart.error_group_code, mart.dim_error_group.
-- Writes:     cell (temporary).
create temporary table cell on commit drop as
with counted as (
    select
        placed.group_code,
        count(distinct concat_ws('|', record.load_id, record.row_no)) as records
    from ops.quarantine as record
    inner join ops.load on record.load_id = load.load_id
    cross join lateral unnest(record.rule_codes) as broken (rule_code)
    inner join mart.error_group_code as placed
        on broken.rule_code = placed.code and placed.kind = 'rule'
    where
        load.status = 'published'
        and load.day > cast(:as_of as date) - 30
        and load.day <= :as_of
    group by placed.group_code
)

select
    row_number() over () as cell_id,
    'error.rejected' as kpi_code,
    'group' as breakdown,
    listed.group_code as member_code,
    '' as unit_code,
    'province' as unit_level,
    '' as current_province_code,
    coalesce(counted.records, 0)::bigint as counted,
    null::bigint as uncounted,
    cast(:base as bigint) > 0 as is_rounded
from mart.dim_error_group as listed
left join counted on listed.group_code = counted.group_code;

create temporary table series (
    kpi_code text, breakdown text, member_code text, current_province_code text, counted_in bigint
) on commit drop
