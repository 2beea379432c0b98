-- Purpose:    write down which published loads and runs of verification cases take into account.
-- Grain:      one load or run.
-- Parameters: none.
-- Reads:      ops.load, ops.verification_day.
-- Writes:     ops.correction_coverage.
insert into ops.correction_coverage (load_id, verification_id)
select
    load.load_id,
    null::bigint as verification_id
from ops.load
where load.status = 'published'
union all
select
    null::bigint as load_id,
    dated.verification_id
from ops.verification_day as dated
where dated.day is not null
on conflict do nothing
