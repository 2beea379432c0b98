-- Purpose:    give the audit chain to a role that no service is a member of: from then on the
--             service account appends to it through the functions that set who and when, and
--             changes nothing of it. Only a superuser can: who makes a role may always become it.
-- Grain:      none (owners and privileges). Run by a superuser in the warehouse's database, after
--             `migrate`; again after a restore. Before a `migrate` of a new version that changes
--             the functions: include/sql/audit/return_trail.sql.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     role dean06_trail; owners and privileges.
do $$
declare
    service name;
    found record;
begin
    select pg_get_userbyid(datdba) into service from pg_database where datname = current_database();
    if not exists (select from pg_roles where rolname = 'dean06_trail') then
        create role dean06_trail nologin;
        comment on role dean06_trail is 'Owns the audit chain; nobody is a member.';
    end if;
    for found in
        select
            pg_get_userbyid(membership.member) as member,
            pg_get_userbyid(membership.grantor) as grantor
        from pg_auth_members as membership
        where membership.roleid = 'dean06_trail'::regrole
    loop
        execute format(
            'revoke dean06_trail from %I granted by %I cascade', found.member, found.grantor
        );
    end loop;
    -- Who owns a schema may drop what is in it.
    alter schema ops owner to dean06_trail;
    execute format('grant all on schema ops to %I with grant option', service);
    for found in
        select unnest(array['audit_note', 'audit_link', 'audit_head']) as name
    loop
        execute format('alter table ops.%I owner to dean06_trail', found.name);
        execute format('grant select on ops.%I to %I', found.name, service);
    end loop;
    execute format('grant select on sequence ops.audit_note_note_id_seq to %I', service);
    alter function ops.note_act() owner to dean06_trail;
    alter function ops.link_notes() owner to dean06_trail;
    alter function ops.record_head(bigint, text, text, timestamptz) owner to dean06_trail;
    -- The lock of the chain; everybody else may have lost it (include/sql/audit/limit_readers.sql).
    for found in
        select proc.oid::regprocedure as name from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname ~ '^pg_advisory.xact.lock$'
    loop
        execute format('grant execute on function %s to dean06_trail', found.name);
    end loop;
end
$$;
