-- Purpose:    propose to lift a restriction, or lift what another person has proposed, as a
--             recorded request asks. It runs as the owner: nobody lifts past it.
-- Grain:      one value: whether it is lifted; null when the person is not restricted.
-- Parameters: which_request: a request to release.
-- Reads:      ops.subject_request.
-- Writes:     ops.lift_restriction, ops.restricted_person.
create or replace function ops.lift_restriction(which_request bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked ops.subject_request;
    restricted ops.restricted_person;
begin
    select subject_request.* into strict asked from ops.subject_request
    where subject_request.request_id = which_request and subject_request.kind = 'release';
    select restricted_person.* into restricted from ops.restricted_person
    where
        restricted_person.restriction_id = asked.restriction_id
        and restricted_person.lifted_at is null
    for update;
    if not found then
        return null;
    end if;
    if restricted.proposed_by is null then
        update ops.restricted_person
        set proposed_by = asked.asked_by, proposed_at = clock_timestamp()
        where restricted_person.restriction_id = restricted.restriction_id;
        return false;
    end if;
    if ops.person_of(restricted.proposed_by) = ops.person_of(asked.asked_by) then
        return false;
    end if;
    update ops.restricted_person
    set
        personal_id = null, salt = null, lifted_by = asked.asked_by,
        lifted_at = clock_timestamp()
    where restricted_person.restriction_id = restricted.restriction_id;
    return true;
end
$$;

comment on function ops.lift_restriction(bigint) is
'Proposes to lift a restriction, or lifts what another person has proposed.';

revoke all on function ops.lift_restriction(bigint) from public;
grant execute on function ops.lift_restriction(bigint) to dean06_loader;
