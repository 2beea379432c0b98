-- Purpose:    records whose verdict may change: they, or the person they name, have a new version.
-- Grain:      one row per record of the dataset.
-- Parameters: core: the dataset's table; record_key: its key as one text; dataset: its code; loads.
-- Reads:      the core table, core.identity_verdict, changed_person.
-- Writes:     touched (temporary).
create temporary table touched on commit drop as
select {record_key} as record_key
from {core} as record
where record._load_id = any({loads})
union
select verdict.record_key
from core.identity_verdict as verdict
inner join changed_person on verdict.claimed_id = changed_person.personal_id
where verdict.dataset_code = {dataset}
