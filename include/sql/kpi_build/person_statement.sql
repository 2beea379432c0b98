-- Purpose:    what each source beside the registry says of a person, and when, once however many of
--             its records say it.
-- Grain:      one row per source, ID, what is said, in codes of which era, and until when.
-- Parameters: person_record: another part.
-- Reads:      reform (of this build).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it.
select
    source_code,
    personal_id,
    full_name,
    born_on,
    birth_year,
    sex,
    commune_code,
    width_bucket(written_on, (select reform.days from reform)) as era,
    min(counts_from) as counts_from,
    counts_to
from ({person_record}) as record
group by
    source_code, personal_id, full_name, born_on, birth_year, sex, commune_code, era, counts_to
