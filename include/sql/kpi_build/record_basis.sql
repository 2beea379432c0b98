-- Purpose:    record what a build is computed from, as this snapshot holds it.
-- Grain:      one build.
-- Parameters: build; list, the digest of its inputs; counted_by, reads: JSON.
-- Reads:      ops.load, ops.verification.
-- Writes:     ops.kpi_build_basis.
insert into ops.kpi_build_basis (
    build_id, loads, verification_id, list_digest, counted_by, reads
)
select
    cast(:build as bigint) as build_id,
    (
        select coalesce(range_agg(int8range(load.load_id, load.load_id, '[]')), '{}')
        from ops.load
        where load.status = 'published'
    ) as loads,
    (select coalesce(max(run.verification_id), 0) from ops.verification as run) as verification_id,
    :list as list_digest,
    cast(:counted_by as jsonb) as counted_by,
    cast(:reads as jsonb) as reads
