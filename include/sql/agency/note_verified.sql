-- Purpose:    note with each case of a mismatch that a run of verification ended it: the record
--             agrees with the registry now, because it came corrected or because the registry has
--             changed, or the source has withdrawn it.
-- Grain:      one event.
-- Parameters: dataset; core: its table; record_key: its key as one text.
-- Reads:      core.identity_verdict_history, core.identity_verdict, core.correction_record,
--             ops.verification, ops.verification_day, ops.verification_load,
--             ops.correction_coverage, the core table.
-- Writes:     ops.correction_event.
insert into ops.correction_event (case_id, event, day, moment, verification_id)
with ended as materialized (
    select
        subject.case_id,
        subject.record_key,
        given.verdict,
        dated.day,
        run.started_at,
        run.verification_id
    from core.identity_verdict_history as before
    inner join core.correction_record as subject
        on
            before.dataset_code = subject.dataset_code
            and before.record_key = subject.record_key
            and subject.kind = 'mismatch'
    inner join ops.verification as run on before.valid_to = run.verification_id
    inner join ops.verification_day as dated
        on run.verification_id = dated.verification_id and dated.day is not null
    left join (
        select
            held.dataset_code,
            held.record_key,
            held.verification_id,
            held.verdict
        from core.identity_verdict as held
        union all
        select
            later.dataset_code,
            later.record_key,
            later.valid_from as verification_id,
            later.verdict
        from core.identity_verdict_history as later
    ) as given
        on
            before.dataset_code = given.dataset_code
            and before.record_key = given.record_key
            and before.valid_to = given.verification_id
    where
        before.dataset_code = {dataset}
        and coalesce(given.verdict, 'verified') in (
            'verified', 'verified_after_normalisation', 'verified_by_name'
        )
        and before.verdict not in ('verified', 'verified_after_normalisation', 'verified_by_name')
        and not exists (
            select from ops.correction_coverage as covered
            where covered.verification_id = run.verification_id
        )
),

arrived as (
    select distinct
        ended.case_id,
        ended.verification_id
    from ended
    inner join {core} as record on {record_key} = ended.record_key
    inner join ops.verification_load as taken
        on record._load_id = taken.load_id and ended.verification_id = taken.verification_id
)

select
    ended.case_id,
    case
        when ended.verdict is null then 'withdrawn'
        when arrived.case_id is not null then 'corrected'
        else 'registry_changed'
    end as event,
    ended.day,
    ended.started_at as moment,
    ended.verification_id
from ended
left join arrived
    on ended.case_id = arrived.case_id and ended.verification_id = arrived.verification_id
order by ended.case_id, ended.verification_id
on conflict do nothing
