-- Purpose:    give the received text of health.immunization its types and meaning.
-- Grain:      one version of one vaccination. | Một phiên bản của một mũi tiêm.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Of a record that the export lists as deleted only key and version are given.
-- A birth date may be a year only: a day is never invented for it.
-- A moment may be written in any time zone; its day is that of Vietnam, the session's time zone.
-- FHIR has no empty texts: an empty one is none.
select
    _row,
    immunization_id,
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
    vaccine_code,
    core.whole_number(dose_number)::smallint as dose_number,
    facility_code,
    commune_code,
    case
        when occurred_on like '%T%' then core.iso_moment(occurred_on)::date
        else core.iso_day(occurred_on)
    end as occurred_on,
    immunization_status,
    _withdrawn or immunization_status = 'entered-in-error' as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
