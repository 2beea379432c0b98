-- Purpose:    records with another name, or an id nobody has, as their sources describe the person.
-- Grain:      one row per record.
-- Parameters: dataset: its code; core, record_key, name, born_on, sex, present; chosen: which
--             records.
-- Reads:      core.identity_verdict, the core table (for_review, where chosen names it).
-- Writes:     doubtful (temporary).
insert into doubtful (dataset_code, record_key, plain_name, born_on, sex, claimed_id)
select
    {dataset} as dataset_code,
    verdict.record_key,
    core.plain_name({name}) as plain_name,
    {born_on} as born_on,
    {sex} as sex,
    verdict.claimed_id
from core.identity_verdict as verdict
inner join {core} as record on {record_key} = verdict.record_key and {present}
where
    verdict.dataset_code = {dataset}
    and verdict.verdict in ('mismatch_name', 'not_found')
    and {chosen}
