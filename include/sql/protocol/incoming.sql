-- Purpose:    rows of a load that are to be merged: ordered by version, and compared with core.
-- Grain:      one row per row of typed, in the order of key and version.
-- Parameters: core: the core table; key, version, dated_by; deleted, newest_deleted: whether a
--             version withdraws its record; incoming_content, core_content; same_version, same_key:
--             join conditions.
-- Reads:      typed (accepted rows of a load, with their types), the core table.
-- Writes:     incoming (temporary).
--
-- One pass orders the versions of a key. It cannot order a version that came twice, nor versions
-- that count from an earlier day than the one before: they are odd, and reordered afterwards.
create temporary table incoming on commit drop as
with ordered as (
    select
        *,
        lag({version}) over in_order as _previous_version,
        lag({dated_by}::date) over in_order as _previous_day,
        lead({version}) over in_order as _next_version,
        lead({dated_by}::date) over in_order as _followed_on,
        last_value(
            case when {deleted} then coalesce({dated_by}::date, {version}::date) end
        ) over in_order as _withdrawn_on
    from typed
    window in_order as (
        partition by {key} order by {version}, _row
        rows between current row and unbounded following
    )
)

select
    incoming.*,
    false as _is_copy,
    incoming._previous_version is not null
    and coalesce(
        incoming._previous_version = incoming.{version}
        or incoming._previous_day > incoming.{dated_by}::date,
        true
    ) as _is_odd,
    coalesce(same._is_known, false) as _is_known,
    coalesce(
        same._is_known and row({incoming_content}) is not distinct from row({core_content}), false
    ) as _is_same,
    case
        when same._is_known
            then
                md5(row({incoming_content})::text) collate "C"
                > md5(row({core_content})::text) collate "C"
    end as _is_greater,
    newest.{version} as _newest_version,
    newest.{dated_by}::date as _newest_day,
    -- No version counts from a later day than the newest, and it withdraws nothing.
    newest._valid_to is null and {newest_deleted} is not true as _newest_is_open,
    least(newest.{dated_by}::date, same.{dated_by}::date) as _was_dated
from ordered as incoming
left join (
    select
        *,
        true as _is_known
    from {core}
) as same on {same_version}
left join {core} as newest on {same_key} and newest._is_current
