-- Purpose:    give the received text of insurance.participant its types and meaning.
-- Grain:      one version of one participant's state. |
--             Một phiên bản trạng thái của một người tham gia.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Dates of birth come as dd/mm/yyyy, 00/00/yyyy or yyyy: a day is never invented for a year.
select
    _row,
    bhxh_code,
    full_name,
    birth_date,
    case
        when birth_date like '__/%' and birth_date not like '00%'
            then to_date(birth_date, 'DD/MM/YYYY')
    end as born_on,
    right(birth_date, 4)::smallint as birth_year,
    sex_code,
    personal_id,
    insurance_card_no,
    subject_code,
    commune_code,
    participates_from::date as participates_from,
    participates_to::date as participates_to,
    participation_status,
    change_type,
    effective_on::date as effective_on,
    change_type = 'D' as is_deleted,
    core.moment_of(updated_at) as updated_at
from accepted
