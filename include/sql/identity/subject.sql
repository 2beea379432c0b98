-- Purpose:    the records to compare, as they are now, and what their id alone tells: a verdict at
--             once, or by which twelve digits to look for the person. Eleven digits have lost a
--             leading zero, ten have lost two (births registered in provinces 001 to 008), if the
--             padded id is well formed and agrees with birth year and sex. Nine digits are an old
--             CMND, eight are one that lost its zero.
-- Grain:      one row per current record of a natural person that is not withdrawn.
-- Parameters: core; record_key; id, name, born_on, birth_year, sex: the record's columns, sex as
--             male, female or null; id_scope: within what an id may stand once, null for no rule;
--             living: whether the record says that its person lives; event_on: the day of an
--             event, null of a state; present: current, not withdrawn, a natural person; chosen:
--             which of them.
-- Reads:      the core table (touched or sharing, where chosen names it).
-- Writes:     nothing.
select
    person.record_key,
    person.full_name,
    person.born_on,
    person.birth_year,
    person.sex,
    person.event_on,
    person.is_living,
    person.claimed_id,
    case when person.claimed_id is not null then person.id_scope end as id_scope,
    length(person.written_id) in (10, 11) as is_padded,
    case
        when person.claimed_id is not null then null
        when person.written_id is null or person.written_id = '' then 'missing_id'
        when length(person.written_id) in (8, 9) and person.written_id ~ '^[0-9]*$'
            then 'id_is_cmnd'
        else 'invalid_id'
    end as id_verdict
from (
    select
        {record_key} as record_key,
        {id} as written_id,
        {name} as full_name,
        {born_on} as born_on,
        {birth_year} as birth_year,
        {sex} as sex,
        {id_scope} as id_scope,
        {event_on} as event_on,
        {living} as is_living,
        case
            when length({id}) = 12 and core.is_personal_id({id}) then {id}
            when
                length({id}) in (10, 11)
                and core.is_personal_id(lpad({id}, 12, '0'))
                and not core.id_contradicts(lpad({id}, 12, '0'), {birth_year}, {sex})
                then lpad({id}, 12, '0')
        end as claimed_id
    from {core} as record
    where {present} and {chosen}
    -- Once per record, not once for every mention.
    offset '0' -- noqa: AM09
) as person
