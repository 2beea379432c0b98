-- Purpose:    records whose candidates are to be found again: those that were compared, those that
--             may be about a changed person by candidate, birth date and sex.
-- Grain:      one row per record of the dataset.
-- Parameters: core, record_key, born_on, sex, present; dataset.
-- Reads:      touched, sharing, changed_person, changed_birth, core.identity_candidate,
--             core.identity_verdict, the core table.
-- Writes:     for_review (temporary).
create temporary table for_review on commit drop as
select record_key from touched
union
select record_key from sharing
union
select candidate.record_key
from core.identity_candidate as candidate
inner join changed_person on candidate.personal_id = changed_person.personal_id
where candidate.dataset_code = {dataset}
union
select doubtful.record_key
from (
    select
        verdict.record_key,
        {born_on} as born_on,
        {sex} as sex
    from core.identity_verdict as verdict
    inner join {core} as record on {record_key} = verdict.record_key and {present}
    where
        verdict.dataset_code = {dataset}
        and verdict.verdict in ('mismatch_name', 'not_found')
) as doubtful
inner join changed_birth
    on doubtful.born_on = changed_birth.born_on and doubtful.sex = changed_birth.sex
