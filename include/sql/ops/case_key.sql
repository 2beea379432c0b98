-- Purpose:    by which text cases know a rejected record again: its key, as core writes keys. Where
--             a column of the key was not received, a digest of all that was: nobody can tell
--             which record it is, but that the same was received again.
-- Grain:      one value.
-- Parameters: payload: the record as received; key_columns: of its dataset.
-- Reads:      nothing.
-- Writes:     ops.case_key.
create or replace function ops.case_key(payload jsonb, key_columns text[]) returns text
language sql immutable parallel safe as $$
select case
    when count(payload ->> part.name) = cardinality(key_columns)
        then string_agg(payload ->> part.name, '|' order by part.position)
    else '#' || encode(sha256(convert_to(payload::text, 'UTF8')), 'hex')
end
from unnest(key_columns) with ordinality as part (name, position)
$$;

comment on function ops.case_key(jsonb, text[]) is
'Text that identifies a rejected record: its key, or a digest. | Khóa của yêu cầu chỉnh sửa.';
