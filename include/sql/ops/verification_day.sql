-- Purpose:    to which day a run of verification belongs: the last day among its loads.
-- Grain:      one run of verification.
-- Parameters: none.
-- Reads:      ops.load, ops.verification, ops.verification_load.
-- Writes:     ops.verification_day.
create or replace view ops.verification_day as
select
    verification.verification_id,
    (
        select max(load.day)
        from ops.verification_load as covered
        inner join ops.load on covered.load_id = load.load_id
        where covered.verification_id = (
            -- A run that compared everything again took no load into account: it belongs to the
            -- last one that did.
            select max(earlier.verification_id)
            from ops.verification_load as earlier
            where earlier.verification_id <= verification.verification_id
        )
    ) as day
from ops.verification;

comment on view ops.verification_day is
'To which day a run of verification belongs: the last day among the loads it took into account. |
Ngày của lượt xác thực.';
comment on column ops.verification_day.verification_id is 'The run.';
comment on column ops.verification_day.day is 'The day.';
