-- Purpose:    who lives in the province on a day: what the registry says of them.
-- Grain:      one row per person.
-- Parameters: as_of, the day.
-- Reads:      core.police__resident.
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it.
select
    personal_id,
    full_name,
    born_on,
    birth_year,
    case sex_code when '1' then 'male' when '2' then 'female' end as sex,
    commune_code,
    updated_at::date as written_on
from core.police__resident
where
    effective_on <= :as_of
    and (_valid_to is null or _valid_to > :as_of)
    and residence_status = 'dang_cu_tru'
    and not is_deleted
