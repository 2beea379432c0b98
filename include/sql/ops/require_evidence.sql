-- Purpose:    refuse an event of a case whose evidence is of another dataset, or that closes a case
--             by a load that is not published: no case is closed by hand.
-- Grain:      none (trigger function, once a statement).
-- Parameters: none.
-- Reads:      ops.correction_case, ops.load, ops.verification_dataset.
-- Writes:     ops.require_evidence; trigger of ops.correction_event.
create or replace function ops.require_evidence() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select
        from written
        inner join ops.correction_case as found on written.case_id = found.case_id
        left join ops.load
            on
                written.load_id = load.load_id
                and found.dataset_code = load.source_code || '.' || load.dataset_code
        -- What is compared with the national portal comes in several datasets of the portal.
        left join ops.load as reconciled
            on
                written.load_id = reconciled.load_id
                and found.source_code = reconciled.source_code
        left join ops.verification_dataset as examined
            on
                written.verification_id = examined.verification_id
                and found.dataset_code = examined.dataset_code
        where
            case found.kind
                when 'rejected'
                    then
                        load.load_id is null
                        or (written.event <> 'broken' and load.status <> 'published')
                when 'difference' then coalesce(reconciled.status <> 'published', true)
                else examined.verification_id is null
            end
    ) then
        raise exception 'a case needs the load or the run of verification that proves it'
        using errcode = '23514';
    end if;
    return null;
end
$$;

comment on function ops.require_evidence() is
'Refuses events of cases that no load or run of verification proves.';

create or replace trigger correction_event_is_proven after insert on ops.correction_event
referencing new table as written
for each statement execute function ops.require_evidence();
