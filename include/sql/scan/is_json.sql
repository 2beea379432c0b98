-- Purpose:    whether PostgreSQL takes text for jsonb. DuckDB also takes a comma after the last
--             element, NaN, Infinity and the character U+0000.
-- Grain:      one value.
-- Parameters: written: any text.
-- Reads:      nothing.
-- Writes:     core.is_json (macro).
create or replace macro core.is_json(written) as
json_valid(written)
and case
    when regexp_matches(written, '(?i),[ \t\n\r]*[\]}]|nan|inf|\\u0000')
        then not regexp_matches(
            regexp_replace(written, '"(?:[^"\\]|\\.)*"', '""', 'g'),
            '(?i),[ \t\n\r]*[\]}]|nan|inf'
        ) and not regexp_matches(written, '(?:^|[^\\])(?:\\\\)*\\u0000')
    else true
end;
