-- Purpose:    the order of versions of records: which is the newest, and until when each holds.
--             Versions follow each other by the day they count from, then by version. Once a record
--             is withdrawn, no version of it holds past the day of the withdrawal.
-- Grain:      one row per version.
-- Parameters: versions: a query of versions, all of each record; core_key: its key columns;
--             version; dated_by; core_deleted: whether a version withdraws its record; shown:
--             columns.
-- Reads:      nothing (what versions reads).
-- Writes:     nothing.
--
-- Part of order_versions.sql, and of kpi_touched/versions_before.sql.
select
    {shown},
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
from ({versions}) as core
window
    by_version as (partition by {core_key} order by core.{version} desc),
    by_day as (partition by {core_key} order by core.{dated_by}::date, core.{version})
