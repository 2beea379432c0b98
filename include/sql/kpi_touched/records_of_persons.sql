-- Purpose:    the other records of persons of whom a record is touched, as verified now or before:
--             a person counts once, wherever they are met.
-- Grain:      one row per record that is not there yet.
-- Parameters: datasets: their codes.
-- Reads:      touched, core.identity_verdict, core.replaced_verdict.
-- Writes:     touched (temporary).
insert into touched (dataset_code, record_key)
with person as materialized (
    select verdict.claimed_id as person_id
    from touched
    inner join core.identity_verdict as verdict
        on touched.dataset_code = verdict.dataset_code and touched.record_key = verdict.record_key
    where verdict.claimed_id is not null
    union
    select replaced.claimed_id as person_id
    from touched
    inner join core.replaced_verdict as replaced
        on
            touched.dataset_code = replaced.dataset_code
            and touched.record_key = replaced.record_key
    where replaced.claimed_id is not null
    -- Who shows no ID is known by their record.
    union
    select touched.record_key as person_id
    from touched
),

record as (
    select
        verdict.dataset_code,
        verdict.record_key
    from person
    inner join core.identity_verdict as verdict on person.person_id = verdict.claimed_id
    where verdict.dataset_code = any({datasets})
    union
    select
        verdict.dataset_code,
        verdict.record_key
    from person
    inner join core.identity_verdict as verdict on person.person_id = verdict.record_key
    where verdict.dataset_code = any({datasets})
)

select
    dataset_code,
    record_key
from record
except
select
    dataset_code,
    record_key
from touched
