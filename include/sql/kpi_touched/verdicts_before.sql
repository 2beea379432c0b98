-- Purpose:    the same verdicts as they were after a run of verification.
-- Grain:      one row per record that had a verdict.
-- Parameters: verification: the run.
-- Reads:      wanted_record, now_identity_verdict, core.replaced_verdict.
-- Writes:     before_identity_verdict (temporary).
create temporary table before_identity_verdict on commit drop as
with replaced as (
    select distinct on (replaced.dataset_code, replaced.record_key)
        replaced.dataset_code,
        replaced.record_key,
        replaced.verdict,
        replaced.verdict_in_life,
        replaced.deceased_from,
        replaced.claimed_id
    from core.replaced_verdict as replaced
    inner join wanted_record
        on
            replaced.dataset_code = wanted_record.dataset_code
            and replaced.record_key = wanted_record.record_key
    where replaced.replaced_by > {verification}
    order by replaced.dataset_code, replaced.record_key, replaced.replaced_by
)

select * from replaced
where verdict is not null
union all
select now.*
from now_identity_verdict as now
where
    not exists (
        select from replaced
        where replaced.dataset_code = now.dataset_code and replaced.record_key = now.record_key
    )
