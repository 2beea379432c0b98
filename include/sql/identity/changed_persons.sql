-- Purpose:    persons of the registry of whom some load has brought a version.
-- Grain:      one row per person.
-- Parameters: registry: its core table; registry_id: its key; loads: load ids.
-- Reads:      the registry.
-- Writes:     changed_person (temporary).
create temporary table changed_person on commit drop as
select distinct {registry_id} as personal_id
from {registry} as record
where record._load_id = any({loads})
