-- Purpose:    what core holds, by digest: each table by the loads that changed it, verdicts by the
--             runs that gave them.
-- Grain:      one row per table of core that any load or run changed.
-- Parameters: none.
-- Reads:      ops.load, ops.verification.
-- Writes:     nothing.
select
    source_code || '__' || dataset_code as relation,
    md5(string_agg(load_id::text, ',' order by load_id)) as digest
from ops.load
where
    status = 'published'
    and inserted_count + updated_count + deleted_count + superseded_count > 0
group by source_code, dataset_code
union all
select
    'identity_verdict' as relation,
    md5(string_agg(verification_id::text, ',' order by verification_id)) as digest
from ops.verification
having count(*) > 0
