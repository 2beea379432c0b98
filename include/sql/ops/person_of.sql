-- Purpose:    the person behind a login, as every constraint that compares persons reads it: lan in
--             Airflow, os:lan and db:lan of commands are one. Compatible characters, case, spaces,
--             characters that nobody sees, and prefixes however often make no other person.
-- Grain:      one value; empty for a login that names nobody.
-- Parameters: login: as written into the ledger.
-- Reads:      nothing.
-- Writes:     ops.person_of; constraints of ops.kpi_build, ops.replay_decision,
--             ops.restricted_person.
create or replace function ops.person_of(login text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
select regexp_replace(
    normalize(regexp_replace(
        -- Small letters of Latin under any locale; of other scripts as the locale knows them.
        lower(translate(
            normalize(login, NFKD),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZĐ', 'abcdefghijklmnopqrstuvwxyzđ'
        )),
        -- Unicode's controls, spaces, format characters and what is shown as nothing.
        '[\u0001-\u0020\u007f-\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2'
        '\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800'
        '\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U000110bd\U000110cd'
        '\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+',
        '', 'g'
    ), NFKC),
    '^((os|db):)+', ''
)
$$;

comment on function ops.person_of(text) is
'The person behind a login, by which two persons are known to be two.';

revoke all on function ops.person_of(text) from public;
grant execute on function ops.person_of(text) to dean06_ui, dean06_loader;

-- Not valid: what was decided before the comparison became strict stays as it was decided.
alter table ops.replay_decision
drop constraint if exists a_second_person_approves,
add constraint a_second_person_approves check (
    ops.person_of(decided_by) <> ''
    and (decision = 'declined' or ops.person_of(decided_by) <> ops.person_of(asked_by))
) not valid;
alter table ops.kpi_build
drop constraint if exists two_persons_release,
add constraint two_persons_release check (
    (
        state = 'rejected'
        or (state <> 'released' and decided_by is null)
        or ops.person_of(proposed_by) <> ops.person_of(decided_by)
    ) is true
    and ops.person_of(proposed_by) is distinct from ''
    and ops.person_of(decided_by) is distinct from ''
) not valid;
alter table ops.restricted_person
drop constraint if exists two_persons_lift,
add constraint two_persons_lift check (
    lifted_by is null or ops.person_of(proposed_by) <> ops.person_of(lifted_by)
);
