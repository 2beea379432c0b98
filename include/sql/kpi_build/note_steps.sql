-- Purpose:    note that the kept steps of families are of what this snapshot holds.
-- Grain:      one row per family.
-- Parameters: families; states, digests of their queries and reference data, in the same order.
-- Reads:      ops.load, ops.verification.
-- Writes:     ops.kpi_step_family.
insert into ops.kpi_step_family (family, state_digest, loads, verification_id)
select
    family.family,
    family.state_digest,
    (
        select coalesce(range_agg(int8range(load.load_id, load.load_id, '[]')), '{}')
        from ops.load
        where load.status = 'published'
    ) as loads,
    (select coalesce(max(run.verification_id), 0) from ops.verification as run) as verification_id
from
    unnest(cast(:families as text[]), cast(:states as text[]))
        as family (family, state_digest)
on conflict (family) do update set
    state_digest = excluded.state_digest,
    loads = excluded.loads,
    verification_id = excluded.verification_id,
    counted_at = now()
