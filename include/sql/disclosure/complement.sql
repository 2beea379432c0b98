-- Purpose:    hide one more cell of each sum that would tell a hidden one: because it is the only
--             one, or because there is no room for the hidden ones to be something else.
-- Grain:      one row per cell, added to hidden; none when every sum keeps its secret.
-- Parameters: least, the smallest count that may be shown.
-- Reads:      cell, summed, hidden (all of this build).
-- Writes:     hidden.
insert into hidden
with popularity as (
    -- One unit or member hidden in many KPIs tells less than many units hidden in one each.
    select
        cell.boundary_version,
        cell.unit_level,
        cell.unit_code,
        cell.breakdown,
        cell.member_code,
        count(*) as hidden_count
    from hidden
    inner join cell on hidden.cell_id = cell.cell_id
    group by
        cell.boundary_version, cell.unit_level, cell.unit_code, cell.breakdown, cell.member_code
),

in_sum as (
    select
        summed.sum_id,
        summed.is_total,
        cell.*,
        hidden.cell_id is not null as is_hidden
    from summed
    inner join cell on summed.cell_id = cell.cell_id
    left join hidden on summed.cell_id = hidden.cell_id
    where
        summed.sum_id in (
            select touched.sum_id
            from summed as touched
            inner join hidden as touching on touched.cell_id = touching.cell_id
        )
),

state as (
    select
        sum_id,
        count(*) filter (where is_hidden) as hidden_count,
        bool_or(is_total and is_hidden) as is_total_hidden,
        -- A hidden count is known to be 1 at least, since 0 is shown.
        coalesce(
            sum(counted - (uncounted is null)::integer) filter (where is_hidden and not is_total), 0
        ) as counted_slack,
        coalesce(sum(uncounted) filter (where is_hidden and not is_total), 0) as uncounted_slack,
        bool_or(is_hidden and not is_total and counted between 1 and cast(:least as bigint) - 1)
            as has_small_counted,
        bool_or(is_hidden and not is_total and uncounted between 1 and cast(:least as bigint) - 1)
            as has_small_uncounted
    from in_sum
    group by sum_id
    having bool_or(is_total)
),

telling as (
    select
        state.*,
        state.has_small_counted and state.counted_slack < cast(:least as bigint) - 1
            as lacks_counted,
        state.has_small_uncounted and state.uncounted_slack < cast(:least as bigint) - 1
            as lacks_uncounted
    from state
)

select distinct chosen.cell_id
from (
    select distinct on (telling.sum_id) in_sum.cell_id
    from telling
    inner join in_sum on telling.sum_id = in_sum.sum_id
    left join popularity
        on
            in_sum.boundary_version = popularity.boundary_version
            and in_sum.unit_level = popularity.unit_level
            and in_sum.unit_code = popularity.unit_code
            and in_sum.breakdown = popularity.breakdown
            and in_sum.member_code = popularity.member_code
    where
        not in_sum.is_hidden
        and in_sum.counted + coalesce(in_sum.uncounted, 0) > 0
        and (
            telling.hidden_count = 1
            or (
                not telling.is_total_hidden
                and (
                    (telling.lacks_counted and (in_sum.counted > 1 or in_sum.is_total))
                    or (telling.lacks_uncounted and (in_sum.uncounted > 0 or in_sum.is_total))
                )
            )
        )
    order by
        telling.sum_id asc,
        in_sum.is_total asc,
        in_sum.times_hidden desc,
        least(in_sum.counted, in_sum.uncounted) >= cast(:least as bigint) desc,
        least(in_sum.counted, in_sum.uncounted) > 0 desc,
        coalesce(popularity.hidden_count, 0) desc,
        in_sum.counted + coalesce(in_sum.uncounted, 0) asc,
        in_sum.unit_code asc,
        in_sum.member_code asc
) as chosen
