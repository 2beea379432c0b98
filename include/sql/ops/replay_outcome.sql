-- Purpose:    what became of each corrected record; no payload.
-- Grain:      one record of one replay.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.replay, ops.replay_decision, ops.replay_hold,
--             ops.replay_row.
-- Writes:     ops.replay_outcome.
create or replace view ops.replay_outcome with (security_barrier = true) as
select
    replay.replay_id,
    replay.corrects_load_id,
    corrected.row_no,
    replay.asked_by,
    replay.asked_at,
    replay.reason,
    load.load_id,
    case
        when coalesce(load.status, '') <> 'published' and decided.decision = 'declined'
            then 'declined'
        when
            coalesce(load.status, '') <> 'published'
            and exists (
                select from ops.replay_row as emptied
                where emptied.replay_id = replay.replay_id and emptied.payload is null
            )
            then 'emptied'
        when
            coalesce(load.status, '') <> 'published'
            and decided.decision is null
            and exists (
                select from ops.replay_hold as hold
                where hold.replay_id = replay.replay_id
            )
            then 'unapproved'
        when coalesce(load.status, '') <> 'published' then 'waiting'
        when rejected.row_no is not null then 'rejected'
        else 'accepted'
    end as outcome,
    load.cause,
    decided.decided_by,
    decided.reason as decision_reason
from ops.replay
inner join ops.replay_row as corrected on replay.replay_id = corrected.replay_id
left join lateral (
    select
        attempt.load_id,
        attempt.status,
        attempt.cause
    from ops.load as attempt
    where
        attempt.corrects_load_id = replay.corrects_load_id
        and attempt.run_key = 'replay__' || replay.replay_id
    order by attempt.attempt desc
    limit 1
) as load on true
left join ops.replay_decision as decided on replay.replay_id = decided.replay_id
left join ops.quarantine as rejected
    on load.load_id = rejected.load_id and corrected.position = rejected.row_no;

comment on view ops.replay_outcome is
'What became of each corrected record; no payload. | Kết quả nạp lại từng bản ghi.';
comment on column ops.replay_outcome.replay_id is 'The replay.';
comment on column ops.replay_outcome.corrects_load_id is 'Load whose record was rejected.';
comment on column ops.replay_outcome.row_no is 'Position of the record in that load.';
comment on column ops.replay_outcome.asked_by is 'Who corrected it.';
comment on column ops.replay_outcome.asked_at is 'When.';
comment on column ops.replay_outcome.reason is 'Why.';
comment on column ops.replay_outcome.load_id is 'Load that brought it again; empty: not yet.';
comment on column ops.replay_outcome.outcome is
'unapproved: waits for a second person; declined: will not be loaded; emptied: not either, for a
person of its correction is restricted; waiting: not loaded yet; accepted: in core; rejected: it
still breaks a rule.';
comment on column ops.replay_outcome.cause is 'Why its load is not published.';
comment on column ops.replay_outcome.decided_by is
'Second person who approved or declined it; empty: nobody was needed, or nobody has yet.';
comment on column ops.replay_outcome.decision_reason is 'Why they did.';

grant select on ops.replay_outcome to dean06_ui;
