-- Purpose:    records that a steward corrected, and the loads that take them over: each replay is a
--             load of its own, through the whole protocol.
-- Grain:      ops.replay: one request; ops.replay_row: one corrected record.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine.
create table ops.replay (
    replay_id bigint generated always as identity primary key,
    corrects_load_id bigint not null references ops.load,
    asked_by text not null check (length(btrim(asked_by)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    asked_at timestamptz not null default clock_timestamp()
);
comment on table ops.replay is
'Who had which rejected records of a load taken over, corrected. | Nạp lại bản ghi đã sửa.';
comment on column ops.replay.replay_id is 'The replay; its run is replay__<number>.';
comment on column ops.replay.corrects_load_id is 'Load whose records were rejected.';
comment on column ops.replay.asked_by is 'Who corrected them.';
comment on column ops.replay.reason is 'Why, and on which evidence, in their words.';
comment on column ops.replay.asked_at is 'When.';

create table ops.replay_row (
    replay_id bigint not null references ops.replay,
    row_no bigint not null,
    position integer not null check (position > 0),
    payload jsonb not null,
    primary key (replay_id, row_no),
    unique (replay_id, position)
);
comment on table ops.replay_row is
'The corrected records of a replay. Holds identities. | Bản ghi đã sửa.';
comment on column ops.replay_row.replay_id is 'The replay.';
comment on column ops.replay_row.row_no is 'Position of the record in the load that rejected it.';
comment on column ops.replay_row.position is 'Its position in the replay''s own load.';
comment on column ops.replay_row.payload is 'Columns of the contract, as text.';

create trigger replay_is_append_only before update or delete or truncate on ops.replay
for each statement execute function ops.refuse_rewriting();
create trigger replay_row_is_append_only before update or delete or truncate on ops.replay_row
for each statement execute function ops.refuse_rewriting();

alter table ops.load add column corrects_load_id bigint references ops.load;
comment on column ops.load.corrects_load_id is
'Load whose rejected records this one brings again, corrected by a steward; empty: it came from the
source.';

create view ops.replay_outcome as
select
    replay.replay_id,
    replay.corrects_load_id,
    corrected.row_no,
    replay.asked_by,
    replay.asked_at,
    replay.reason,
    load.load_id,
    case
        when coalesce(load.status, '') <> 'published' then 'waiting'
        when rejected.row_no is not null then 'rejected'
        else 'accepted'
    end as outcome,
    load.cause
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
'waiting: not loaded yet; accepted: in core; rejected: it still breaks a rule.';
comment on column ops.replay_outcome.cause is 'Why its load is not published.';

-- Pages write corrected records and see what became of them, never the records themselves.
revoke update, delete on ops.replay, ops.replay_row from dean06_loader;
grant select, insert on ops.replay to dean06_ui;
grant insert on ops.replay_row to dean06_ui;

grant select on ops.replay_outcome to dean06_ui;
