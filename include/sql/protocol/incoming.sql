-- Purpose:    the accepted rows of a load: typed, ordered by version, compared with core, and what
--             becomes of each of them; every one gets exactly one outcome.
-- Grain:      one row per accepted record of the load, in the order of key and version.
-- Parameters: meaning: the dataset's core SQL; core: its table; key, version, dated_by; deleted:
--             whether a version withdraws its record; same_version, same_key: join conditions;
--             ordered_key, counted_content, incoming_content, core_content, columns: its columns.
-- Reads:      accepted (staging less quarantine), through the core SQL; the core table.
--
-- Two different records of the same key and version are ordered by a digest of their content, so
-- that the outcome does not depend on the order of arrival; it is computed for repeated versions
-- only. The last copy of a version is kept, and the last version of a key is its newest.
create temporary table incoming on commit drop as
with typed as ({meaning}),

counted as (
    select
        *,
        count(*) over (partition by {key}, {version}) > 1 as _is_repeated
    from typed
),

digested as (
    select
        *,
        case when _is_repeated then md5(row({counted_content})::text) end as _digest
    from counted
),

ordered as (
    select
        *,
        lead({version}) over in_order as _next_version,
        -- Once a record is withdrawn, no version of it holds past the day of the withdrawal.
        last_value(case when {deleted} then {dated_by}::date end) over (
            in_order rows between current row and unbounded following
        ) as _withdrawn_on
    from digested
    window in_order as (
        partition by {key} order by {version}, _digest collate "C" nulls first, _row desc
    )
),

-- What a version of a key that core does not know is followed by: by day, then by version.
incoming as (
    select
        *,
        _next_version is not null and _next_version = {version} as _is_copy,
        lead({dated_by}::date) over (
            partition by {key}, _next_version is not null and _next_version = {version}
            order by {dated_by}::date, {version}
        ) as _followed_on
    from ordered
),

compared as (
    select
        incoming.*,
        coalesce(same._is_known, false) as _is_known,
        coalesce(
            same._is_known and row({incoming_content}) is not distinct from row({core_content}),
            false
        ) as _is_same,
        case
            when same._is_known
                then
                    md5(row({incoming_content})::text) collate "C"
                    > md5(row({core_content})::text) collate "C"
        end as _is_greater,
        newest.{version} as _newest_version,
        least(newest.{dated_by}::date, same.{dated_by}::date) as _was_dated
    from incoming
    left join (select true as _is_known, * from {core}) as same on {same_version}
    left join {core} as newest on {same_key} and newest._is_current
)

select
    {columns},
    case
        when _is_copy then 'superseded'
        when _is_same then 'unchanged'
        when _is_known and not _is_greater then 'superseded'
        when _next_version is not null or _newest_version > {version} then 'superseded'
        when {deleted} then 'deleted'
        when _newest_version is null then 'inserted'
        else 'updated'
    end as _outcome,
    not _is_copy and (not _is_known or _is_greater) as _is_stored,
    _is_known,
    _newest_version is not null as _has_key,
    _next_version is null and coalesce(_newest_version <= {version}, true) as _is_newest,
    case
        when _next_version is null then _followed_on
        else least(_followed_on, _withdrawn_on)
    end as _valid_to,
    _was_dated
from compared
