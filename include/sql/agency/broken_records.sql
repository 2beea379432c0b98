-- Purpose:    what loads and runs of verification have newly found wrong: records that were set
--             aside, with the version they came as, and records that disagree with the registry,
--             unless another run of the day found them right. Purged records are left out.
-- Grain:      one row per record, kind, and load or run that found it.
-- Parameters: none.
-- Reads:      ops.quarantine, ops.load, ops.replay_binding, ops.correction_coverage,
--             core.identity_verdict, core.identity_verdict_history, ops.verification,
--             ops.verification_day.
-- Writes:     broken_record (temporary).
create temporary table broken_record on commit drop as
with run as (
    select
        verification.verification_id,
        verification.started_at,
        dated.day
    from ops.verification
    inner join ops.verification_day as dated
        on verification.verification_id = dated.verification_id
    where
        dated.day is not null
        and not exists (
            select from ops.correction_coverage as covered
            where covered.verification_id = verification.verification_id
        )
)

select
    'rejected' as kind,
    load.source_code || '.' || load.dataset_code as dataset_code,
    ops.case_key(record.payload, binding.key_columns) as record_key,
    load.load_id,
    null::bigint as verification_id,
    load.day,
    max(
        least(
            coalesce(
                ops.moment_in(record.payload ->> binding.version_column), load.window_until
            ),
            load.window_until
        )
    ) as moment,
    array_agg(distinct broken.code order by broken.code) as codes
from ops.quarantine as record
inner join ops.load on record.load_id = load.load_id
inner join ops.replay_binding as binding
    on
        load.source_code = binding.source_code
        and load.dataset_code = binding.dataset_code
cross join lateral unnest(record.rule_codes) as broken (code)
where
    record.payload is not null
    and load.status in ('published', 'quarantined', 'held')
    and not exists (
        select from ops.correction_coverage as covered
        where covered.load_id = load.load_id
    )
group by 1, 2, 3, 4, 5, 6
union all
select
    'mismatch' as kind,
    given.dataset_code,
    given.record_key,
    null::bigint as load_id,
    run.verification_id,
    run.day,
    run.started_at as moment,
    array[given.verdict] as codes
from (
    select
        dataset_code,
        record_key,
        verdict,
        verification_id,
        null::bigint as replaced_by
    from core.identity_verdict
    union all
    select
        dataset_code,
        record_key,
        verdict,
        valid_from as verification_id,
        valid_to as replaced_by
    from core.identity_verdict_history
) as given
inner join run on given.verification_id = run.verification_id
where
    given.verdict not in ('verified', 'verified_after_normalisation', 'verified_by_name')
    and not exists (
        select from run as later
        where later.verification_id = given.replaced_by and later.day = run.day
    )
