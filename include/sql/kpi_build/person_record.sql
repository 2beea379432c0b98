-- Purpose:    what the records of each source beside the registry say of persons, and when. A
--             record is of the person whose ID it shows, if that ID is usable, on no other record
--             that may not share it, and known to the registry, as verified now.
-- Grain:      one row per record; of insurance per version of a participation.
-- Parameters: none.
-- Reads:      core.insurance__participant, core.health__encounter, core.health__immunization,
--             core.education__exam_registration, core.portal__dossier, core.identity_verdict.
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it. Only insurance says where a person lives: the
-- others give the commune of a facility, a school or an office.
with record as (
    select
        'insurance' as source_code,
        'insurance.participant' as dataset_code,
        bhxh_code as record_key,
        personal_id,
        full_name,
        born_on,
        birth_year,
        case sex_code when '1' then 'male' when '2' then 'female' end as sex,
        commune_code,
        updated_at::date as written_on,
        greatest(effective_on, participates_from) as counts_from,
        least(_valid_to, participates_to + 1) as counts_to
    from core.insurance__participant
    where
        participation_status = 'dang_tham_gia'
        and not is_deleted
        and greatest(effective_on, participates_from)
        < coalesce(least(_valid_to, participates_to + 1), 'infinity')
    union all
    select
        'health' as source_code,
        'health.encounter' as dataset_code,
        encounter_id as record_key,
        personal_id,
        full_name,
        born_on,
        birth_year,
        case when sex_code in ('male', 'female') then sex_code end as sex,
        null as commune_code,
        null as written_on,
        started_at::date as counts_from,
        null as counts_to
    from core.health__encounter
    where _is_current and not is_deleted
    union all
    select
        'health' as source_code,
        'health.immunization' as dataset_code,
        immunization_id as record_key,
        personal_id,
        full_name,
        born_on,
        birth_year,
        case when sex_code in ('male', 'female') then sex_code end as sex,
        null as commune_code,
        null as written_on,
        occurred_on as counts_from,
        null as counts_to
    from core.health__immunization
    where
        _is_current
        and not is_deleted
        and immunization_status = 'completed'
    union all
    select
        'education' as source_code,
        'education.exam_registration' as dataset_code,
        concat_ws('|', exam_year, registration_no) as record_key,
        personal_id,
        full_name,
        born_on,
        birth_year,
        case sex_code when '2' then 'male' when '1' then 'female' end as sex,
        null as commune_code,
        null as written_on,
        registered_on as counts_from,
        null as counts_to
    from core.education__exam_registration
    where
        _is_current
        and is_withdrawn is not true
    union all
    select
        'portal' as source_code,
        'portal.dossier' as dataset_code,
        dossier_code as record_key,
        personal_id,
        applicant_name as full_name,
        null as born_on,
        null as birth_year,
        null as sex,
        null as commune_code,
        null as written_on,
        received_at::date as counts_from,
        null as counts_to
    from core.portal__dossier
    where _is_current and not is_deleted
)

select
    record.source_code,
    lpad(record.personal_id, 12, '0') as personal_id,
    record.full_name,
    record.born_on,
    record.birth_year,
    record.sex,
    record.commune_code,
    record.written_on,
    record.counts_from,
    record.counts_to,
    identity.verdict_in_life as verdict
from record
inner join core.identity_verdict as identity
    on record.dataset_code = identity.dataset_code and record.record_key = identity.record_key
where
    identity.verdict_in_life in (
        'verified', 'verified_after_normalisation', 'verified_by_name', 'mismatch_name',
        'mismatch_birth_date',
        'mismatch_birth_date_swapped', 'mismatch_birth_date_year_only', 'mismatch_sex'
    )
    and record.full_name is not null
