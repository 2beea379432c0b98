-- Purpose:    give the received text of police.resident its types and meaning.
-- Grain:      one version of one resident's state. | Một phiên bản trạng thái của một nhân khẩu.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- A birth date may be a year only: a day is never invented for it.
select
    _row,
    personal_id,
    full_name,
    birth_date,
    case when birth_date like '____-%' then core.iso_day(birth_date) end as born_on,
    core.whole_number(left(birth_date, 4))::smallint as birth_year,
    sex_code,
    household_id,
    residence_type,
    commune_code,
    residence_status,
    core.iso_day(effective_on) as effective_on,
    core.flag_of(is_deleted) as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
