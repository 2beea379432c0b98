-- Purpose:    what becomes of each incoming record; every one gets exactly one outcome.
-- Grain:      one row per row of incoming.
-- Parameters: core: the core table; same_version, same_key: join conditions; version, dated_by;
--             incoming_content, core_content: all columns of either side; deleted: a condition.
-- Reads:      incoming, the core table.
create temporary table outcome on commit drop as
select
    incoming._row,
    case
        when incoming._copy > 1 then 'superseded'
        when same._version_known and row({incoming_content}) is not distinct from row({core_content})
            then 'unchanged'
        when same._version_known
            and md5(row({incoming_content})::text) collate "C"
            < md5(row({core_content})::text) collate "C"
            then 'superseded'
        when incoming._age > 1 or newest.{version} > incoming.{version} then 'superseded'
        when {deleted} then 'deleted'
        when newest.{version} is null then 'inserted'
        else 'updated'
    end as outcome,
    case
        when incoming._copy > 1 then false
        when not coalesce(same._version_known, false) then true
        else
            md5(row({incoming_content})::text) collate "C"
            > md5(row({core_content})::text) collate "C"
    end as is_stored,
    least(newest.{dated_by}::date, same.{dated_by}::date) as was_dated,
    incoming._age = 1
    and coalesce(newest.{version} <= incoming.{version}, true) as is_newest
from incoming
left join (select true as _version_known, * from {core}) as same on {same_version}
left join {core} as newest on {same_key} and newest._is_current
