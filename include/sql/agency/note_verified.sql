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
select
    subject.case_id,
    case
        when given.verdict is null then 'withdrawn'
        when exists (
            select from {core} as record
            where
                {record_key} = subject.record_key
                and record._load_id in (
                    select covered.load_id
                    from ops.verification_load as covered
                    where covered.verification_id = run.verification_id
                )
        ) then 'corrected'
        else 'registry_changed'
    end as event,
    dated.day,
    run.started_at as moment,
    run.verification_id
from core.identity_verdict_history as ended
inner join core.correction_record as subject
    on
        ended.dataset_code = subject.dataset_code
        and ended.record_key = subject.record_key
        and subject.kind = 'mismatch'
inner join ops.verification as run on ended.valid_to = run.verification_id
inner join ops.verification_day as dated
    on run.verification_id = dated.verification_id and dated.day is not null
left join lateral (
    select held.verdict
    from core.identity_verdict as held
    where
        held.dataset_code = ended.dataset_code
        and held.record_key = ended.record_key
        and held.verification_id = ended.valid_to
    union all
    select later.verdict
    from core.identity_verdict_history as later
    where
        later.dataset_code = ended.dataset_code
        and later.record_key = ended.record_key
        and later.valid_from = ended.valid_to
) as given on true
where
    ended.dataset_code = {dataset}
    and coalesce(given.verdict, 'verified') in ('verified', 'verified_after_normalisation')
    and ended.verdict not in ('verified', 'verified_after_normalisation')
    and not exists (
        select from ops.correction_coverage as covered
        where covered.verification_id = run.verification_id
    )
order by subject.case_id, run.verification_id
on conflict do nothing
