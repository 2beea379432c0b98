-- Purpose:    how many records have each verdict now: the last count, and what this run changed.
-- Grain:      one row per verdict that any record of the dataset has had.
-- Parameters: dataset, verification.
-- Reads:      ops.verification_count, verdict_change.
-- Writes:     ops.verification_count.
insert into ops.verification_count (verification_id, dataset_code, verdict, record_count)
select
    {verification} as verification_id,
    {dataset} as dataset_code,
    verdict,
    sum(record_count) as record_count
from (
    select
        last.verdict,
        last.record_count
    from ops.verification_count as last
    where
        last.dataset_code = {dataset}
        and last.verification_id = (
            select max(newest.verification_id)
            from ops.verification_count as newest
            where newest.dataset_code = {dataset}
        )
    union all
    select
        verdict,
        count(*) as record_count
    from verdict_change
    where verdict is not null
    group by verdict
    union all
    select
        was as verdict,
        -count(*) as record_count
    from verdict_change
    where was is not null
    group by was
) as counted
group by verdict
