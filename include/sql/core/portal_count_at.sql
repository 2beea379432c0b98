-- Purpose:    the national portal's counts of dossiers as core held them at a moment. A period is
--             closed once it has counts.
-- Grain:      one period (month) and procedure.
-- Parameters: as_of: versions that the portal wrote up to this moment are read.
-- Reads:      core.portal__national_count, mart.procedure_code.
-- Writes:     core.portal_count_at.
--
-- Codes change hands over time. A count is of a month, so its code means what it meant last within
-- that month; a code that is not listed stands for itself.
create or replace function core.portal_count_at(as_of timestamptz) returns table (
    period_month date, procedure_id text, closed_at timestamptz, dossier_count bigint
) language sql stable as $$
select
    counted.period_month,
    counted.procedure_id,
    max(counted.closed_at) as closed_at,
    sum(counted.dossier_count)::bigint as dossier_count
from (
    select distinct on (version.period_code, version.procedure_code)
        version.period_month,
        coalesce(named.procedure_id, version.procedure_code) as procedure_id,
        version.closed_at,
        version.dossier_count
    from core.portal__national_count as version
    left join mart.procedure_code as named
        on
            version.procedure_code = named.code
            and named.valid_from < (version.period_month + interval '1 month')
            and (named.valid_to is null or named.valid_to > version.period_month)
    where version.updated_at <= as_of
    order by
        version.period_code asc, version.procedure_code asc, version.updated_at desc,
        named.valid_from desc
) as counted
group by counted.period_month, counted.procedure_id
$$;

comment on function core.portal_count_at(timestamptz) is
'Counts of the national portal as core held them at a moment, by month and procedure. |
Số liệu của Cổng quốc gia mà kho có tại một thời điểm, theo tháng và thủ tục.';
