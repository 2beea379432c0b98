-- Purpose:    from which day on a record is one of a deceased: a state from the day of death on, an
--             event only if it is dated after that day. Only a record that would be verified is
--             surely about the person who died.
-- Grain:      one row per such record.
-- Parameters: none.
-- Reads:      death.
-- Writes:     compared (temporary).
update compared set
    deceased_from = coalesce(compared.event_on, death.died_on),
    verdict = case when compared.is_living then 'deceased' else compared.verdict end
from death
where
    compared.claimed_id = death.personal_id
    and compared.verdict_in_life in (
        'verified', 'verified_after_normalisation', 'verified_by_name'
    )
    and (compared.event_on is null or compared.event_on > death.died_on)
