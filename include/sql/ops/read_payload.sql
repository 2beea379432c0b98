-- Purpose:    show a quarantined record after its reader and reason are recorded. It runs as the
--             owner: nobody else reads payloads for a page.
-- Grain:      one value: the record, null when there is none.
-- Parameters: which_load, which_row: the record; who, why: its reader.
-- Reads:      ops.quarantine.
-- Writes:     ops.read_payload, ops.payload_read.
create or replace function ops.read_payload(
    which_load bigint, which_row bigint, who text, why text
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_payload jsonb;
begin
    insert into ops.payload_read (reader, reason, load_id, row_no)
    values (who, why, which_load, which_row);
    select quarantine.payload into found_payload
    from ops.quarantine
    where quarantine.load_id = which_load and quarantine.row_no = which_row;
    return found_payload;
end
$$;

comment on function ops.read_payload(bigint, bigint, text, text) is
'A quarantined record, after its reader and reason are written down; null when there is none.';

revoke all on function ops.read_payload(bigint, bigint, text, text) from public;
grant execute on function ops.read_payload(bigint, bigint, text, text) to dean06_ui;
