-- Purpose:    how long the steps took that the ledger times: the newest sync of each dataset, the
--             part of it until its last file had arrived, the newest verification of identities.
-- Grain:      one step of one dataset; verification belongs to none.
-- Parameters: none.
-- Reads:      ops.landing_file, ops.load, ops.verification.
-- Writes:     ops.step_duration.
create or replace view ops.step_duration with (security_barrier = true) as
with newest as (
    select distinct on (load.source_code, load.dataset_code)
        load.load_id,
        load.source_code,
        load.dataset_code,
        load.opened_at,
        load.published_at
    from ops.load
    where load.status = 'published' and load.corrects_load_id is null
    order by load.source_code asc, load.dataset_code asc, load.published_at desc, load.load_id desc
),

landed as (
    select
        newest.load_id,
        max(file.landed_at) as landed_at
    from newest
    inner join ops.landing_file as file on newest.load_id = file.load_id
    group by newest.load_id
)

select
    'sync' as step_code,
    newest.source_code,
    newest.dataset_code,
    newest.opened_at as started_at,
    newest.published_at as ended_at
from newest
union all
select
    'extract' as step_code,
    newest.source_code,
    newest.dataset_code,
    newest.opened_at as started_at,
    landed.landed_at as ended_at
from newest
inner join landed on newest.load_id = landed.load_id
union all
(
    select
        'verify_identities' as step_code,
        '' as source_code,
        '' as dataset_code,
        verification.started_at,
        verification.finished_at as ended_at
    from ops.verification
    where verification.finished_at is not null
    order by verification.verification_id desc
    limit 1
);

comment on view ops.step_duration is
'When the newest run of each step began and ended. | Thời gian thực hiện của từng bước.';
comment on column ops.step_duration.step_code is
'sync: from opening a load to its publication, pauses and retries included; extract: the part until
its last file had landed; verify_identities.';
comment on column ops.step_duration.source_code is 'Source key; empty: of no source.';
comment on column ops.step_duration.dataset_code is 'Dataset of the source; empty: of none.';
comment on column ops.step_duration.started_at is 'When it began.';
comment on column ops.step_duration.ended_at is 'When it ended.';

grant select on ops.step_duration to dean06_ui;
