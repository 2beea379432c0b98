-- Purpose:    the province's dossiers as core held them at a moment.
-- Grain:      one dossier, withdrawn ones too.
-- Parameters: as_of: versions that the portal wrote up to this moment are read.
-- Reads:      core.portal__dossier, mart.procedure_code.
-- Writes:     core.portal_dossier_at.
--
-- A dossier counts in the month in which it was received, Vietnamese time.
create or replace function core.portal_dossier_at(as_of timestamptz) returns table (
    dossier_code text, period_month date, procedure_id text, dossier_status text,
    is_deleted boolean
) language sql stable as $$
select
    newest.dossier_code,
    date_trunc('month', newest.received_on)::date as period_month,
    coalesce(named.procedure_id, newest.procedure_code) as procedure_id,
    newest.dossier_status,
    newest.is_deleted
from (
    select distinct on (version.dossier_code)
        version.dossier_code,
        (version.received_at at time zone 'Asia/Ho_Chi_Minh')::date as received_on,
        version.procedure_code,
        version.dossier_status,
        version.is_deleted
    from core.portal__dossier as version
    where version.updated_at <= as_of
    order by version.dossier_code asc, version.updated_at desc
) as newest
left join mart.procedure_code as named
    on
        newest.procedure_code = named.code
        and named.valid_from <= newest.received_on
        and (named.valid_to is null or named.valid_to > newest.received_on)
$$;

comment on function core.portal_dossier_at(timestamptz) is
'Dossiers of the province as core held them at a moment. |
Hồ sơ của tỉnh mà kho có tại một thời điểm.';
