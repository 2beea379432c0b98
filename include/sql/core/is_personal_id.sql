-- Purpose:    whether twelve digits are built as a personal identification number (NĐ
--             137/2015/NĐ-CP, điều 13; province codes TT 59/2021/TT-BCA): province of birth
--             registration, century and sex, year, six digits.
-- Grain:      one value.
-- Parameters: id: twelve digits.
-- Reads:      nothing.
-- Writes:     core.is_personal_id.
--
-- One pattern for all would be shorter and take three times as long: every place of a pattern is a
-- state that PostgreSQL builds again for each value.
create or replace function core.is_personal_id(id text) returns boolean
language sql immutable parallel safe as $$
select
    length(id) = 12
    and id ~ '^[0-9]+$'
    and substr(id, 4, 1) in ('0', '1', '2', '3')
    and substr(id, 1, 3) in (
        '001', '002', '004', '006', '008', '010', '011', '012', '014', '015', '017', '019', '020',
        '022', '024', '025', '026', '027', '030', '031', '033', '034', '035', '036', '037', '038',
        '040', '042', '044', '045', '046', '048', '049', '051', '052', '054', '056', '058', '060',
        '062', '064', '066', '067', '068', '070', '072', '074', '075', '077', '079', '080', '082',
        '083', '084', '086', '087', '089', '091', '092', '093', '094', '095', '096'
    )
$$;

comment on function core.is_personal_id(text) is
'Whether twelve digits are built as a personal id. No check digit: not that it is anybody''s.';
