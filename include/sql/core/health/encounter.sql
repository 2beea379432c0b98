-- Purpose:    give the received text of health.encounter its types and meaning.
-- Grain:      one version of one health visit. | Một phiên bản của một lượt khám bệnh, chữa bệnh.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Of a record that the export lists as deleted only key and version are given.
-- A name may come whole or in parts (E07); FHIR has no empty texts, so an empty one is none. A
-- birth date may be a year only: a day is never invented for it.
select
    _row,
    encounter_id,
    personal_id,
    id_type,
    coalesce(
        nullif(full_name, ''),
        nullif(
            concat_ws(
                ' ', nullif(family_name, ''), nullif(given_name_1, ''), nullif(given_name_2, '')
            ),
            ''
        )
    ) as full_name,
    family_name,
    given_name_1,
    given_name_2,
    birth_date,
    case when birth_date like '____-%' then core.iso_day(birth_date) end as born_on,
    core.whole_number(left(birth_date, 4))::smallint as birth_year,
    sex_code,
    document_used,
    core.flag_of(is_insurance_checked) as is_insurance_checked,
    facility_code,
    commune_code,
    core.iso_moment(started_at) as started_at,
    encounter_status,
    _withdrawn or encounter_status = 'entered-in-error' as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
