-- Purpose:    restrict a person as a recorded request asks: no token from now on, and payloads that
--             name them are emptied. It runs as the owner: nobody restricts past it.
-- Grain:      one value: how many payloads were emptied.
-- Parameters: which_request: a request to restrict; of_person: the number it is about.
-- Reads:      ops.subject_request.
-- Writes:     ops.restrict_person, ops.restricted_person, ops.person_token.
create or replace function ops.restrict_person(which_request bigint, of_person text)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if of_person !~ '^[0-9]{9,12}$' then
        raise exception 'this is not a personal ID' using errcode = '22023';
    end if;
    insert into ops.restricted_person (personal_id, request_id)
    select of_person, asked.request_id
    from ops.subject_request as asked
    where asked.request_id = which_request and asked.kind = 'restrict'
    on conflict (personal_id) do nothing;
    if not exists (
        select from ops.restricted_person as restricted
        where restricted.personal_id = of_person
    ) then
        raise exception 'no such restriction was requested' using errcode = '42501';
    end if;
    delete from ops.person_token where person_token.personal_id = of_person;
    return ops.purge_payloads(of_person);
end
$$;

comment on function ops.restrict_person(bigint, text) is
'Restricts a person as a recorded request asks; returns how many payloads were emptied.';

revoke all on function ops.restrict_person(bigint, text) from public;
grant execute on function ops.restrict_person(bigint, text) to dean06_loader;
