-- Purpose:    correction cases about a person: of records whose key is their number, and of records
--             that verification compared by it.
-- Grain:      one case and spell.
-- Parameters: none; the number is in asked_person.
-- Reads:      asked_person, core.correction_record, core.identity_verdict, ops.correction_spell.
-- Writes:     nothing.
select
    spell.dataset_code as dataset,
    subject.record_key,
    spell.case_id,
    spell.spell_no,
    spell.kind,
    spell.codes,
    spell.opened_on,
    spell.due_on,
    spell.closed_on,
    spell.outcome
from core.correction_record as subject
cross join asked_person
inner join ops.correction_spell as spell on subject.case_id = spell.case_id
where
    subject.record_key = asked_person.personal_id
    or exists (
        select from core.identity_verdict as compared
        where
            compared.dataset_code = subject.dataset_code
            and compared.record_key = subject.record_key
            and compared.claimed_id = asked_person.personal_id
    )
order by spell.case_id, spell.spell_no
