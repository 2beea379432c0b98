-- Purpose:    the lines of the national portal's list as core held them at a moment.
-- Grain:      one line, cancelled ones too.
-- Parameters: as_of: versions that the portal wrote up to this moment are read.
-- Reads:      core.portal__national_dossier, mart.procedure_code.
-- Writes:     core.portal_entry_at.
--
-- A line is in the counts of its period when it was recorded by the close and not cancelled by
-- then.
create or replace function core.portal_entry_at(as_of timestamptz) returns table (
    entry_code text, dossier_code text, period_month date, procedure_id text,
    dossier_status text, is_deleted boolean, recorded_at timestamptz, updated_at timestamptz,
    is_counted boolean
) language sql stable as $$
with closed as (
    select
        counted.period_month,
        max(counted.closed_at) as closed_at
    from core.portal_count_at(as_of) as counted
    group by counted.period_month
)

select
    newest.entry_code,
    newest.dossier_code,
    newest.period_month,
    coalesce(named.procedure_id, newest.procedure_code) as procedure_id,
    newest.dossier_status,
    newest.is_deleted,
    newest.recorded_at,
    newest.updated_at,
    coalesce(
        newest.recorded_at <= closed.closed_at
        and not (newest.is_deleted and newest.updated_at <= closed.closed_at),
        false
    ) as is_counted
from (
    select distinct on (version.entry_code)
        version.entry_code,
        version.dossier_code,
        version.period_month,
        version.procedure_code,
        version.dossier_status,
        version.is_deleted,
        (version.received_at at time zone 'Asia/Ho_Chi_Minh')::date as received_on,
        version.recorded_at,
        version.updated_at
    from core.portal__national_dossier as version
    where version.updated_at <= as_of
    order by version.entry_code asc, version.updated_at desc
) as newest
left join closed on newest.period_month = closed.period_month
left join mart.procedure_code as named
    on
        newest.procedure_code = named.code
        and named.valid_from <= newest.received_on
        and (named.valid_to is null or named.valid_to > newest.received_on)
$$;

comment on function core.portal_entry_at(timestamptz) is
'Lines of the national portal''s list as core held them at a moment. |
Dòng trong danh sách của Cổng quốc gia mà kho có tại một thời điểm.';
