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
            then core.day_first(birth_date)
    end as born_on,
    core.whole_number(right(birth_date, 4))::smallint as birth_year,
    sex_code,
    personal_id,
    insurance_card_no,
    subject_code,
    commune_code,
    core.iso_day(participates_from) as participates_from,
    core.iso_day(participates_to) as participates_to,
    participation_status,
    change_type,
    core.iso_day(effective_on) as effective_on,
    change_type = 'D' as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
