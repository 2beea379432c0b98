-- Purpose:    let a quarantined record be emptied once its period is over or when it names a
--             restricted person, and not be changed in any other way.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.only_purge_quarantine; trigger of ops.quarantine.
create or replace function ops.only_purge_quarantine() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.payload is null
        and old.payload is not null
        and (new.load_id, new.row_no, new.source_code, new.dataset_code, new.rule_codes,
             new.quarantined_at)
        is not distinct from (old.load_id, old.row_no, old.source_code, old.dataset_code,
                              old.rule_codes, old.quarantined_at)
        and (
            ops.is_over('quarantine', old.source_code, old.dataset_code, old.quarantined_at)
            or ops.names_restricted(old.payload)
        )
    then
        return new;
    end if;
    raise exception 'a quarantined record can only be emptied, after its retention period'
    using errcode = '55000';
end
$$;

comment on function ops.only_purge_quarantine() is 'Lets payloads of quarantine go when due.';

create or replace trigger quarantine_is_only_purged before update on ops.quarantine
for each row execute function ops.only_purge_quarantine();
