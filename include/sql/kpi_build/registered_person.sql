-- Purpose:    who lives in the province, and when: what the registry says of them.
-- Grain:      one row per version of a resident, while it holds within the days wanted.
-- Parameters: wanted_from, wanted_until: the days wanted, without the last one; all of them from
--             -infinity to infinity.
-- Reads:      core.police__resident, reform (of this build).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it. They compare everyone with everything that is
-- said of them: cutting spans to the days wanted here spares them the others.
select
    personal_id,
    full_name,
    born_on,
    birth_year,
    case sex_code when '1' then 'male' when '2' then 'female' end as sex,
    commune_code,
    updated_at::date as written_on,
    width_bucket(updated_at::date, (select reform.days from reform)) as era,
    greatest(effective_on, :wanted_from) as counts_from,
    nullif(least(_valid_to, :wanted_until), 'infinity') as counts_to
from core.police__resident
where
    residence_status = 'dang_cu_tru'
    and not is_deleted
    and effective_on < :wanted_until
    and (_valid_to is null or _valid_to > greatest(effective_on, :wanted_from))
