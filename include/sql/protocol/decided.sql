-- Purpose:    what becomes of each incoming record; every one gets exactly one outcome. Validity is
--             complete for keys that core does not know.
-- Grain:      one row per row of incoming.
-- Parameters: version; dated_by; deleted: whether a version withdraws its record.
-- Reads:      incoming.
-- Writes:     decided (temporary).
create temporary view decided as
select
    *,
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
    _newest_version is not null as _has_key,
    _next_version is null and coalesce(_newest_version <= {version}, true) as _is_newest,
    -- The last version that the load has of a record follows core's newest version by version and
    -- by day, nothing in the load counts from a later day, and neither withdraws the record. When
    -- the load stores no other version of it, no other version in core changes.
    coalesce(
        _next_version is null
        and _newest_is_open
        and _newest_version < {version}
        and _newest_day <= {dated_by}::date
        and _followed_on is null
        and {deleted} is not true,
        false
    ) as _only_closes_newest,
    -- Once a record is withdrawn, no version of it holds past the day of the withdrawal.
    case
        when _next_version is null then _followed_on
        else least(_followed_on, _withdrawn_on)
    end as _valid_to
from incoming
