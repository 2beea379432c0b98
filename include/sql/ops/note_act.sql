-- Purpose:    note what was done, by which login and when, as it is written. It runs as the owner:
--             no service writes notes of its own.
-- Grain:      one note (trigger function); the argument names the key.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.note_act, ops.audit_note; triggers of ops.payload_read, ops.replay,
--             ops.replay_decision, ops.kpi_build, ops.load, mart.kpi_publication.
create or replace function ops.note_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
begin
    insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
    values (
        tg_table_name, (to_jsonb(new) ->> tg_argv[0])::bigint, to_jsonb(new)::text, session_user,
        clock_timestamp()
    );
    return null;
end
$$;

comment on function ops.note_act() is 'Notes what was done, by which login and when.';

revoke all on function ops.note_act() from public;

create or replace trigger payload_read_is_noted after insert on ops.payload_read
for each row execute function ops.note_act('read_id');
create or replace trigger replay_is_noted after insert on ops.replay
for each row execute function ops.note_act('replay_id');
create or replace trigger replay_decision_is_noted after insert on ops.replay_decision
for each row execute function ops.note_act('replay_id');
create or replace trigger kpi_publication_is_noted after insert on mart.kpi_publication
for each row execute function ops.note_act('publication_id');
create or replace trigger kpi_build_is_noted after update on ops.kpi_build
for each row when (
    new.proposed_by is distinct from old.proposed_by
    or new.decided_by is distinct from old.decided_by
    or (new.decided_by is not null and new.state is distinct from old.state)
)
execute function ops.note_act('build_id');
create or replace trigger load_is_noted after insert or update on ops.load
for each row when (new.status = 'published') execute function ops.note_act('load_id');
