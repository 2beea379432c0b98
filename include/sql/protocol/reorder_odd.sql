-- Purpose:    order the versions of odd keys: of a version that came more than once keep one copy,
--             and let versions follow each other by the day they count from, then by version.
-- Grain:      one row per accepted record whose key has an odd version.
-- Parameters: key, version, dated_by; deleted: whether a version withdraws its record; content.
-- Reads:      incoming.
-- Writes:     incoming.
--
-- Two different records of the same key and version are ordered by a digest of their content, so
-- that the outcome does not depend on the order of arrival; it is computed for repeated versions
-- only. The last copy of a version is kept, and the last version of a key is its newest.
with digested as (
    select
        *,
        case
            when count(*) over (partition by {key}, {version}) > 1
                then md5(row({content})::text)
        end as _digest
    from incoming
    where ({key}) in (
        select {key} from incoming as odd
        where odd._is_odd
    )
),

ordered as (
    select
        _row,
        {key},
        {version},
        {dated_by}::date as _day,
        lead({version}) over in_order as _next,
        last_value(
            case when {deleted} then coalesce({dated_by}::date, {version}::date) end
        ) over in_order as _withdrawn
    from digested
    window in_order as (
        partition by {key} order by {version} asc, _digest collate "C" asc nulls first, _row desc
        rows between current row and unbounded following
    )
),

followed as (
    select
        *,
        _next is not null and _next = {version} as _copy,
        lead(_day) over (
            partition by {key}, _next is not null and _next = {version} order by _day, {version}
        ) as _followed
    from ordered
)

update incoming
set
    _is_copy = followed._copy,
    _next_version = followed._next,
    _followed_on = followed._followed,
    _withdrawn_on = followed._withdrawn
from followed
where incoming._row = followed._row
