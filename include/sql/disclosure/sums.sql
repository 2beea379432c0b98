-- Purpose:    which cells add up to which: what one hidden cell could be computed from.
--             Strict sums may not tell any hidden value. Members by commune are hidden together, so
--             the others have to keep small values only.
-- Grain:      one row per sum and cell in it, its total or a part.
-- Parameters: none.
-- Reads:      cell, linked (both of this build).
-- Writes:     summed (temporary).
create temporary table summed on commit drop as
with guarded as (
    select * from cell
    where is_guarded
),

member_of as (
    select
        'communes' as kind,
        concat_ws('|', kpi_code, boundary_version, breakdown, member_code, province_code)
            as sum_key,
        cell_id,
        unit_level = 'province' as is_total,
        breakdown = '' as is_strict
    from guarded
    union all
    -- Old communes make a new one, and old provinces: what is reported on both boundaries.
    select
        'boundaries' as kind,
        concat_ws('|', kpi_code, unit_level, breakdown, member_code, current_code)
            as sum_key,
        cell_id,
        boundary_version = 'current' as is_total,
        unit_level = 'province' or breakdown = '' as is_strict
    from guarded
    union all
    select
        'members' as kind,
        concat_ws('|', kpi_code, boundary_version, unit_level, unit_code, breakdown)
            as sum_key,
        cell_id,
        false as is_total,
        unit_level = 'province' as is_strict
    from guarded
    where breakdown <> ''
    union all
    select distinct
        'members' as kind,
        concat_ws(
            '|', whole.kpi_code, whole.boundary_version, whole.unit_level, whole.unit_code,
            part.breakdown
        ) as sum_key,
        whole.cell_id,
        true as is_total,
        whole.unit_level = 'province' as is_strict
    from guarded as whole
    inner join guarded as part
        on
            whole.kpi_code = part.kpi_code
            and whole.unit_level = part.unit_level
            and whole.unit_code = part.unit_code
            and whole.boundary_version = part.boundary_version
    where whole.breakdown = '' and part.breakdown <> ''
),

linked_sum as (
    select
        whole.cell_id as total_id,
        part.cell_id as part_id,
        whole.unit_level = 'province' as is_strict,
        concat_ws('|', whole.cell_id, linked.linked_code, linked.linked_members) as sum_key
    from linked
    inner join guarded as whole
        on linked.kpi_code = whole.kpi_code and linked.breakdown = whole.breakdown
    inner join guarded as part
        on
            linked.linked_code = part.kpi_code
            and linked.linked_breakdown = part.breakdown
            and whole.unit_level = part.unit_level
            and whole.unit_code = part.unit_code
            and whole.boundary_version = part.boundary_version
    where
        linked.kind = 'sum'
        and part.member_code ~ replace(linked.linked_members, '{member}', whole.member_code)
)

select
    dense_rank() over (order by kind, sum_key) as sum_id,
    cell_id,
    is_total,
    is_strict
from (
    select * from member_of
    union all
    select
        'linked' as kind,
        sum_key,
        part_id as cell_id,
        false as is_total,
        is_strict
    from linked_sum
    union all
    select distinct
        'linked' as kind,
        sum_key,
        total_id as cell_id,
        true as is_total,
        is_strict
    from linked_sum
) as found
