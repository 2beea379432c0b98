-- Purpose:    hide what counts some persons, but fewer than the least that may be shown, or leaves
--             so few out; and what leaves so few when other KPIs are taken away from it, or is so
--             few less than they are.
-- Grain:      one row per cell, added to hidden.
-- Parameters: least, the smallest count that may be shown; 0 is shown.
-- Reads:      cell, linked (both of this build).
-- Writes:     hidden.
insert into hidden
with taken_away as (
    select
        whole.cell_id,
        linked.linked_breakdown,
        linked.linked_members,
        case linked.linked_members when 'counted' then whole.counted else whole.uncounted end
        - sum(case linked.linked_members when 'counted' then part.counted else part.uncounted end)
            as rest
    from linked
    inner join cell as whole
        on linked.kpi_code = whole.kpi_code and linked.breakdown = whole.breakdown
    inner join cell as part
        on
            linked.linked_code = part.kpi_code
            -- As of what may be hidden.
            and part.unit_level = 'province'
            and part.breakdown = ''
            and whole.breakdown = part.breakdown
            and whole.member_code = part.member_code
            and whole.unit_level = part.unit_level
            and whole.unit_code = part.unit_code
            and whole.boundary_version = part.boundary_version
    where linked.kind = 'rest' and whole.is_guarded
    group by
        whole.cell_id, whole.counted, whole.uncounted, linked.linked_breakdown,
        linked.linked_members
)

select cell_id
from cell
where
    is_guarded
    and (
        counted between 1 and cast(:least as bigint) - 1
        or uncounted between 1 and cast(:least as bigint) - 1
    )
union
select cell_id
from taken_away
where abs(rest) between 1 and cast(:least as bigint) - 1
