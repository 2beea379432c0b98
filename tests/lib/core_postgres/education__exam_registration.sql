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
    exam_year::smallint as exam_year,
    registration_no,
    council_code,
    full_name,
    birth_date,
    case
        when birth_date like '__/%' and birth_date not like '00%'
            then to_date(birth_date, 'DD/MM/YYYY')
    end as born_on,
    right(birth_date, 4)::smallint as birth_year,
    sex_code,
    personal_id,
    school_code,
    commune_code,
    to_date(registered_on, 'DD/MM/YYYY') as registered_on,
    withdrawn_mark,
    coalesce(withdrawn_mark in ('x', 'X'), false) as is_withdrawn,
    core.moment_of(updated_at) as updated_at
from accepted
