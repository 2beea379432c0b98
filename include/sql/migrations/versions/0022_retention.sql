-- Purpose:    how long what was received is kept, what was removed, and that a payload can be
--             emptied once its period is over, and in no other way rewritten.
-- Grain:      ops.retention: one kind of data of one dataset; ops.purge: one removal.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.replay_row.

create table ops.retention (
    what text not null check (
        what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list')
    ),
    source_code text not null,
    dataset_code text not null,
    classification text not null check (
        classification in ('public', 'internal', 'personal', 'sensitive')
    ),
    kept_days integer not null check (kept_days > 0),
    basis text not null,
    primary key (what, source_code, dataset_code)
);
comment on table ops.retention is
'How long each kind of data of each dataset is kept; from include/reference/retention.csv and the
contracts. | Thời hạn lưu giữ.';
comment on column ops.retention.what is
'landing: files; staging: tables; quarantine, replay: payloads; agency_list: files.';
comment on column ops.retention.source_code is 'Source key.';
comment on column ops.retention.dataset_code is 'Dataset of the source.';
comment on column ops.retention.classification is 'The highest of its columns in the contract.';
comment on column ops.retention.kept_days is 'Days.';
comment on column ops.retention.basis is 'Where the rule comes from.';
-- Who removes does not say when it may.
revoke insert, update, delete on ops.retention from dean06_loader;

create table ops.purge (
    purge_id bigint generated always as identity primary key,
    purged_at timestamptz not null default clock_timestamp(),
    what text not null check (
        what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list')
    ),
    source_code text,
    dataset_code text,
    load_id bigint references ops.load,
    item_count bigint not null check (item_count > 0),
    byte_count bigint not null check (byte_count >= 0),
    classification text,
    kept_days integer
);
comment on table ops.purge is
'What was removed because its period was over: counts only. | Nhật ký xoá dữ liệu hết hạn lưu.';
comment on column ops.purge.purge_id is 'The removal.';
comment on column ops.purge.purged_at is 'When.';
comment on column ops.purge.what is
'landing: files; staging: tables; quarantine, replay: payloads; agency_list: files.';
comment on column ops.purge.source_code is 'Source key; empty: of no dataset that is known.';
comment on column ops.purge.dataset_code is 'Dataset; empty: of several, or none that is known.';
comment on column ops.purge.load_id is 'Load; empty: no load counted on it.';
comment on column ops.purge.item_count is 'Files, tables or payloads.';
comment on column ops.purge.byte_count is 'Bytes they took, as stored.';
comment on column ops.purge.classification is 'Rule that was applied: classification …';
comment on column ops.purge.kept_days is '… and days; both empty: it belonged to no load at all.';
revoke update, delete on ops.purge from dean06_loader;
create trigger purge_is_append_only before update or delete or truncate on ops.purge
for each statement execute function ops.refuse_rewriting();

alter table ops.landing_file add column purged_at timestamptz;
comment on column ops.landing_file.purged_at is
'When the file was removed, its period being over; empty: it is there.';
create index landing_file_kept on ops.landing_file (landed_path) where purged_at is null;

alter table ops.quarantine alter column payload drop not null;
alter table ops.quarantine add column purged_at timestamptz;
alter table ops.quarantine add constraint quarantine_payload_is_there_or_purged check (
    (payload is null) = (purged_at is not null)
);
comment on column ops.quarantine.payload is 'The record as received; empty once it is purged.';
comment on column ops.quarantine.purged_at is
'When the payload was removed, its period being over; row, rules and count stay.';
create index quarantine_kept on ops.quarantine (source_code, dataset_code, quarantined_at)
where purged_at is null;

alter table ops.replay_row alter column payload drop not null;
alter table ops.replay_row add column purged_at timestamptz;
alter table ops.replay_row add constraint replay_payload_is_there_or_purged check (
    (payload is null) = (purged_at is not null)
);
comment on column ops.replay_row.payload is
'Columns of the contract, as text; empty once it is purged.';
comment on column ops.replay_row.purged_at is
'When the payload was removed, its period being over; who corrected the row and why stays.';

-- A payload may be emptied when its period is over; nothing else of evidence is ever rewritten.
create function ops.is_over(
    kind text, of_source text, of_dataset text, since timestamptz
) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
select exists (
    select from ops.retention
    where
        retention.what = kind
        and retention.source_code = of_source
        and retention.dataset_code = of_dataset
        and since < now() - make_interval(days => retention.kept_days)
)
$$;
comment on function ops.is_over(text, text, text, timestamptz) is
'Whether data of a kind and dataset have been kept for as long as they may.';

create function ops.only_purge_quarantine() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.payload is null
        and old.payload is not null
        and (new.load_id, new.row_no, new.source_code, new.dataset_code, new.rule_codes,
             new.quarantined_at)
        is not distinct from (old.load_id, old.row_no, old.source_code, old.dataset_code,
                              old.rule_codes, old.quarantined_at)
        and ops.is_over('quarantine', old.source_code, old.dataset_code, old.quarantined_at)
    then
        return new;
    end if;
    raise exception 'a record set aside is only emptied, once its period is over'
    using errcode = '55000';
end
$$;
comment on function ops.only_purge_quarantine() is 'Lets payloads of quarantine go when due.';
create trigger quarantine_is_only_purged before update on ops.quarantine
for each row execute function ops.only_purge_quarantine();

create function ops.only_purge_replay() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.payload is null
        and old.payload is not null
        and (new.replay_id, new.row_no, new.position)
        is not distinct from (old.replay_id, old.row_no, old.position)
        and exists (
            select from ops.replay
            inner join ops.load on replay.corrects_load_id = load.load_id
            where
                replay.replay_id = old.replay_id
                and ops.is_over('replay', load.source_code, load.dataset_code, replay.asked_at)
        )
    then
        return new;
    end if;
    raise exception 'a corrected record is only emptied, once its period is over'
    using errcode = '55000';
end
$$;
comment on function ops.only_purge_replay() is 'Lets payloads of replays go when due.';
drop trigger replay_row_is_append_only on ops.replay_row;
create trigger replay_row_is_append_only before delete or truncate on ops.replay_row
for each statement execute function ops.refuse_rewriting();
create trigger replay_row_is_only_purged before update on ops.replay_row
for each row execute function ops.only_purge_replay();

create or replace view ops.quarantine_reason as
select
    quarantine.load_id,
    quarantine.source_code,
    quarantine.dataset_code,
    quarantine.row_no,
    landing_file.piece_name,
    quarantine.row_no - landing_file.first_row + 1 as line_no,
    rule.rule_code,
    rule.reason_en,
    rule.reason_vi,
    quarantine.purged_at
from ops.quarantine
cross join lateral unnest(quarantine.rule_codes) as broken (rule_code)
left join lateral (
    -- A rule may be two expectations (present, well formed): the one that rejects most tells why.
    select
        validation_result.rule_code,
        validation_result.reason_en,
        validation_result.reason_vi
    from ops.validation_result
    where
        validation_result.load_id = quarantine.load_id
        and validation_result.rule_code = broken.rule_code
    order by validation_result.unexpected_count desc, validation_result.expectation_type asc
    limit 1
) as rule on true
left join lateral (
    select
        file.piece_name,
        file.first_row
    from ops.landing_file as file
    where file.load_id = quarantine.load_id and file.first_row <= quarantine.row_no
    order by file.first_row desc
    limit 1
) as landing_file on true;
comment on column ops.quarantine_reason.purged_at is
'When the record itself was removed, its period being over; empty: it is there.';
