-- Purpose:    trigram similarity (pg_trgm) of two plain names.
-- Grain:      one value, 0 to 1.
-- Parameters: plain_name, other: names without diacritics.
-- Reads:      pg_extension.
-- Writes:     core.similarity_of.
-- pg_trgm may be there already, in any schema: the loader need not know which.
do $$
declare
    home text;
begin
    select extnamespace::regnamespace::text into home from pg_extension where extname = 'pg_trgm';
    execute format(
        'create or replace function core.similarity_of(plain_name text, other text) returns real '
        'language sql immutable parallel safe return %s.similarity(plain_name, other)', home
    );
end
$$;

comment on function core.similarity_of(text, text) is
'Trigram similarity (pg_trgm) of two plain names: 0 to 1.';
