-- Purpose:    link the notes that are committed and not linked yet to the chain, one caller at a
--             time. Whoever writes a note waits for nobody: linking is a transaction of its own.
-- Grain:      one value: how many were linked.
-- Parameters: none.
-- Reads:      ops.audit_note.
-- Writes:     ops.link_notes, ops.audit_link.
create or replace function ops.link_notes() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
    place bigint;
    last_hash bytea;
    note record;
    linked bigint := 0;
begin
    perform pg_advisory_xact_lock(hashtext('dean06 audit chain'));
    select link.entry_no, link.hash into place, last_hash
    from ops.audit_link as link order by link.entry_no desc limit 1;
    place := coalesce(place, 0);
    last_hash := coalesce(last_hash, ''::bytea);
    for note in
        select * from ops.audit_note
        where not exists (
            select from ops.audit_link as link where link.note_id = audit_note.note_id
        )
        order by audit_note.note_id
    loop
        place := place + 1;
        last_hash := sha256(
            last_hash || convert_to(
                concat_ws(
                    E'\n', place, note.note_id, note.kind, note.source_id, note.noted_by,
                    note.noted_at::text, note.body
                ), 'UTF8'
            )
        );
        insert into ops.audit_link (entry_no, note_id, hash)
        values (place, note.note_id, last_hash);
        linked := linked + 1;
    end loop;
    return linked;
end
$$;

comment on function ops.link_notes() is 'Links notes to the chain; returns how many.';

revoke all on function ops.link_notes() from public;
grant execute on function ops.link_notes() to dean06_ui, dean06_loader;
