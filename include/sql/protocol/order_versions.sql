-- Purpose:    say of every version of a touched key whether it is the newest, and until when it
--             holds: versions follow each other by the day they count from, then by version. Once a
--             record is withdrawn, no version of it holds past the day of the withdrawal.
-- Grain:      one row per version of a touched key.
-- Parameters: core; key, core_key: key columns; version; dated_by; core_deleted: whether a
--             version withdraws its record; same_version: join.
-- Reads:      decided, the core table.
-- Writes:     the core table.
update {core} as core
set _is_current = ordered.is_current, _valid_to = ordered.valid_to
from (
    select
        {core_key},
        core.{version},
        row_number() over by_version = 1 as is_current,
        case
            when row_number() over by_version = 1 then lead(core.{dated_by}::date) over by_day
            else
                least(
                    lead(core.{dated_by}::date) over by_day,
                    first_value(
                        case
                            when {core_deleted}
                                then coalesce(core.{dated_by}::date, core.{version}::date)
                        end
                    ) over by_version
                )
        end as valid_to
    from {core} as core
    where ({core_key}) in (
        select {key}
        from decided
        -- The versions of a key that is new were ordered when they were inserted.
        where _is_stored and _has_key
    )
    window
        by_version as (partition by {core_key} order by core.{version} desc),
        by_day as (partition by {core_key} order by core.{dated_by}::date, core.{version})
) as ordered
where
    {same_version}
    and (core._is_current, core._valid_to)
    is distinct from (ordered.is_current, ordered.valid_to)
