-- Purpose:    every difference between the national portal's list and the province's dossiers, as
--             core held both at a moment, in periods that are closed by then.
-- Grain:      one dossier that differs, or one further line of a dossier that is listed twice.
-- Parameters: as_of: versions that the portal wrote up to this moment are read.
-- Reads:      core.portal__dossier.
-- Writes:     core.portal_difference_at.
--
-- The first kind that applies counts. Of several lines of a dossier the one that agrees best with
-- the province is compared; every further one is listed twice. The status is compared with the one
-- that the dossier had when the line was written, since both go on. A dossier that both sides have
-- cancelled differs when the count of its closed period still has it.
create or replace function core.portal_difference_at(as_of timestamptz) returns table (
    kind text, dossier_code text, entry_code text,
    period_there date, procedure_there text, status_there text, recorded_at timestamptz,
    is_counted_there boolean,
    period_here date, procedure_here text, status_here text, is_counted_here boolean
) language sql stable as $$
with closed as materialized (
    select distinct counted.period_month from core.portal_count_at(as_of) as counted
),

dossier as materialized (
    select * from core.portal_dossier_at(as_of)
),

entry as materialized (
    select
        listed.*, -- noqa: AM04
        row_number() over (
            partition by listed.dossier_code
            order by
                listed.is_deleted asc,
                (listed.period_month = dossier.period_month) desc nulls last,
                (listed.procedure_id = dossier.procedure_id) desc nulls last,
                listed.entry_code asc
        ) as occurrence
    from core.portal_entry_at(as_of) as listed
    left join dossier on listed.dossier_code = dossier.dossier_code
),

status_then as (
    select distinct on (entry.entry_code)
        entry.entry_code,
        version.dossier_status
    from entry
    inner join core.portal__dossier as version
        on entry.dossier_code = version.dossier_code and entry.updated_at >= version.updated_at
    where entry.occurrence = 1
    order by entry.entry_code asc, version.updated_at desc
),

pair as (
    select
        entry.entry_code,
        entry.occurrence,
        entry.recorded_at,
        coalesce(entry.dossier_code, dossier.dossier_code) as dossier_code,
        entry.period_month as period_there,
        entry.procedure_id as procedure_there,
        entry.dossier_status as status_there,
        entry.is_deleted as is_deleted_there,
        coalesce(entry.is_counted, false) as is_counted_there,
        dossier.dossier_code is not null as is_here,
        dossier.period_month as period_here,
        dossier.procedure_id as procedure_here,
        dossier.dossier_status as status_here,
        dossier.is_deleted as is_deleted_here,
        coalesce(not dossier.is_deleted, false) as is_counted_here
    from entry
    full join (
        select
            dossier.*,
            1::bigint as occurrence
        from dossier
    ) as dossier
        on entry.dossier_code = dossier.dossier_code and entry.occurrence = dossier.occurrence
),

judged as (
    select
        pair.*,
        case
            when pair.entry_code is null
                then case when pair.is_counted_here then 'not_known_there' end
            when pair.is_deleted_there and not pair.is_counted_here
                then case when pair.is_counted_there then 'late' end
            when pair.occurrence > 1 then 'twice'
            when not pair.is_here then 'not_synced_here'
            when pair.is_deleted_there or pair.is_deleted_here then 'other_status'
            when pair.period_there <> pair.period_here then 'other_period'
            when pair.procedure_there <> pair.procedure_here then 'other_procedure'
            when not pair.is_counted_there then 'late'
            when pair.status_there <> status_then.dossier_status then 'other_status'
        end as kind
    from pair
    left join status_then on pair.entry_code = status_then.entry_code
)

select
    judged.kind,
    judged.dossier_code,
    judged.entry_code,
    judged.period_there,
    judged.procedure_there,
    judged.status_there,
    judged.recorded_at,
    judged.is_counted_there,
    judged.period_here,
    judged.procedure_here,
    judged.status_here,
    judged.is_counted_here
from judged
where
    judged.kind is not null
    and (
        judged.period_there in (select closed.period_month from closed)
        or judged.period_here in (select closed.period_month from closed)
    )
$$;

comment on function core.portal_difference_at(timestamptz) is
'Differences between the list of the national portal and the dossiers of the province at a moment,
to the dossier, each with its kind. |
Chênh lệch giữa danh sách của Cổng quốc gia và hồ sơ của tỉnh tại một thời điểm, đến từng hồ sơ.';
