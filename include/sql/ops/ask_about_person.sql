-- Purpose:    record a request about one person, before anything is read or changed for it. It runs
--             as the owner: nobody writes requests past it.
-- Grain:      one row: the request and the person's token, null when there is none.
-- Parameters: which_kind: report, restrict or release; of_person: the number; who, why.
-- Reads:      ops.person_token, ops.restricted_person.
-- Writes:     ops.ask_about_person, ops.subject_request.
create or replace function ops.ask_about_person(
    which_kind text, of_person text, who text, why text
) returns table (request_id bigint, person_token uuid)
language sql security definer set search_path = pg_catalog, pg_temp as $$
insert into ops.subject_request (kind, person_token, restriction_id, asked_by, reason)
values (
    which_kind,
    (
        select given.person_token from ops.person_token as given
        where given.personal_id = of_person
    ),
    (
        select restricted.restriction_id from ops.restricted_person as restricted
        where restricted.personal_id = of_person and which_kind = 'release'
    ),
    who,
    why
)
returning subject_request.request_id, subject_request.person_token
$$;

comment on function ops.ask_about_person(text, text, text, text) is
'Records a request about one person before anything is read or changed for it.';

revoke all on function ops.ask_about_person(text, text, text, text) from public;
grant execute on function ops.ask_about_person(text, text, text, text) to dean06_loader;
