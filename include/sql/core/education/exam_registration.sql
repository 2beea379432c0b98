-- Purpose:    give the received text of education.exam_registration its types and meaning.
-- Grain:      one candidate in one issue of a council's list. |
--             Một thí sinh trong một lần lập danh sách của hội đồng.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Dates of birth come as dd/mm/yyyy, 00/00/yyyy or yyyy: a day is never invented for a year.
select
    _row,
    core.whole_number(exam_year)::smallint as exam_year,
    registration_no,
    council_code,
    full_name,
    birth_date,
    case
        when birth_date like '__/%' and birth_date not like '00%'
            then core.day_first(birth_date)
    end as born_on,
    core.whole_number(right(birth_date, 4))::smallint as birth_year,
    sex_code,
    personal_id,
    school_code,
    commune_code,
    core.day_first(registered_on) as registered_on,
    withdrawn_mark,
    coalesce(withdrawn_mark in ('x', 'X'), false) as is_withdrawn,
    core.iso_moment(updated_at) as updated_at
from accepted
