-- Purpose:    note what was done, by which login and when, as it is written. A payload, or a number
--             of a person, is noted as a digest with the row's salt; the hash of a token as a hash
--             of it. It runs as the owner: no service writes notes of its own.
-- Grain:      one note (trigger function); the argument names the key.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.note_act, ops.audit_note; triggers of ops.payload_read, ops.replay,
--             ops.replay_row, ops.replay_hold, ops.replay_decision, ops.kpi_build, ops.load,
--             ops.subject_request, ops.restricted_person, ops.purge, ops.token_key,
--             ops.value_read, ops.day_read, ops.api_token, ops.recomputation, mart.closed_period,
--             mart.kpi_publication.
create or replace function ops.note_act() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
    body jsonb := to_jsonb(new);
begin
    if tg_table_name = 'api_token' then
        body := body - 'digest' || jsonb_build_object(
            'digest', encode(sha256(new.digest), 'hex')
        );
    end if;
    if body ? 'salt' then
        body := body - array['salt', 'payload', 'personal_id'] || jsonb_build_object(
            'digest',
            case
                when body ->> 'salt' is not null
                    then encode(
                        sha256(convert_to(
                            concat_ws(
                                E'\n', body ->> 'salt', body ->> 'payload', body ->> 'personal_id'
                            ), 'UTF8'
                        )), 'hex'
                    )
            end
        );
    end if;
    insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
    values (
        tg_table_name, (body ->> tg_argv[0])::bigint, body::text, session_user, clock_timestamp()
    );
    return null;
end
$$;

comment on function ops.note_act() is 'Notes what was done, by which login and when.';

revoke all on function ops.note_act() from public;

create or replace trigger payload_read_is_noted after insert on ops.payload_read
for each row execute function ops.note_act('read_id');
create or replace trigger value_read_is_noted after insert on ops.value_read
for each row execute function ops.note_act('read_id');
create or replace trigger day_read_is_noted after insert on ops.day_read
for each row execute function ops.note_act('read_id');
create or replace trigger recomputation_is_noted after insert on ops.recomputation
for each row execute function ops.note_act('recomputation_id');
create or replace trigger api_token_is_noted after insert or update on ops.api_token
for each row execute function ops.note_act('token_id');
create or replace trigger replay_is_noted after insert on ops.replay
for each row execute function ops.note_act('replay_id');
create or replace trigger replay_row_is_noted after insert or update on ops.replay_row
for each row execute function ops.note_act('corrected_id');
create or replace trigger replay_hold_is_noted after insert on ops.replay_hold
for each row execute function ops.note_act('hold_id');
create or replace trigger replay_decision_is_noted after insert on ops.replay_decision
for each row execute function ops.note_act('replay_id');
create or replace trigger subject_request_is_noted after insert on ops.subject_request
for each row execute function ops.note_act('request_id');
create or replace trigger restricted_person_is_noted after insert or update
on ops.restricted_person for each row execute function ops.note_act('restriction_id');
create or replace trigger purge_is_noted after insert on ops.purge
for each row execute function ops.note_act('purge_id');
create or replace trigger token_key_is_noted after insert on ops.token_key
for each row execute function ops.note_act('key_version');
create or replace trigger kpi_publication_is_noted after insert on mart.kpi_publication
for each row execute function ops.note_act('publication_id');
create or replace trigger closed_period_is_noted after insert on mart.closed_period
for each row execute function ops.note_act('closing_id');
create or replace trigger kpi_build_is_noted after update on ops.kpi_build
for each row when (
    new.proposed_by is distinct from old.proposed_by
    or new.decided_by is distinct from old.decided_by
    or (new.decided_by is not null and new.state is distinct from old.state)
)
execute function ops.note_act('build_id');
create or replace trigger load_is_noted after insert or update on ops.load
for each row when (new.status = 'published') execute function ops.note_act('load_id');
