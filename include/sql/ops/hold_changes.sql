-- Purpose:    compare corrected records with those that were rejected: a change of key, of moment
--             or of anything about a person waits for a second person. It runs as the owner:
--             whoever corrects does not decide.
-- Grain:      none (trigger function, once a statement).
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.replay, ops.replay_binding.
-- Writes:     ops.hold_changes, ops.replay_hold; trigger of ops.replay_row.
create or replace function ops.hold_changes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    -- What a second person has read, or a load has taken, is all there ever is of a correction.
    if exists (
        select from added
        inner join ops.replay on added.replay_id = replay.replay_id
        where replay.xmin <> pg_current_xact_id()::xid
    ) then
        raise exception 'no records can be added to a requested correction' using errcode = '55000';
    end if;
    if exists (
        select from added
        inner join ops.replay on added.replay_id = replay.replay_id
        left join ops.quarantine as rejected
            on replay.corrects_load_id = rejected.load_id and added.row_no = rejected.row_no
        where rejected.payload is null
    ) then
        raise exception 'only a record in quarantine can be corrected' using errcode = '23503';
    end if;
    insert into ops.replay_hold (replay_id, row_no, cause)
    select added.replay_id, added.row_no, found.cause
    from added
    inner join ops.replay on added.replay_id = replay.replay_id
    inner join ops.load on replay.corrects_load_id = load.load_id
    inner join ops.quarantine as rejected
        on replay.corrects_load_id = rejected.load_id and added.row_no = rejected.row_no
    left join ops.replay_binding as binding
        on load.source_code = binding.source_code and load.dataset_code = binding.dataset_code
    cross join lateral (
        -- Without a binding no key can be read.
        select 'key_unread' as cause
        where
            binding.key_columns is null
            or exists (
                select from unnest(binding.key_columns) as key (name)
                where rejected.payload ->> key.name is null
            )
        union all
        select 'key_changed' as cause
        where exists (
            select from unnest(binding.key_columns) as key (name)
            where
                rejected.payload ->> key.name is not null
                and rejected.payload ->> key.name is distinct from added.payload ->> key.name
        )
        union all
        select 'moment_changed' as cause
        where
            rejected.payload ->> binding.version_column is null
            or rejected.payload ->> binding.version_column
            is distinct from added.payload ->> binding.version_column
        union all
        select 'person_changed' as cause
        where exists (
            select from unnest(binding.person_columns) as about (name)
            where
                rejected.payload ->> about.name is distinct from added.payload ->> about.name
        )
    ) as found;
    return null;
end
$$;

comment on function ops.hold_changes() is
'Has corrections of another key, moment or person wait for a second person.';

revoke all on function ops.hold_changes() from public;

create or replace trigger replay_row_is_compared after insert on ops.replay_row
referencing new table as added for each statement execute function ops.hold_changes();
