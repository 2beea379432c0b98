-- Purpose:    the parts of a text between commas, without the spaces around them.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.parts_of (macro).
--
-- Of the spaces that Unicode knows beyond ASCII too (property White_Space), as in PostgreSQL.
create or replace macro core.parts_of(written) as
string_split_regex(trim(written, ' '), '[\s\x0B\x{85}\p{Z}]*,[\s\x0B\x{85}\p{Z}]*');
