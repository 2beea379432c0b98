-- Purpose:    of what kind a disagreement of names is, for the steward who reads it.
-- Grain:      one value: accents, reordered, middle_dropped, other.
-- Parameters: name: of the record; registry_name: of the registry.
-- Reads:      nothing.
-- Writes:     core.name_difference.
create or replace function core.name_difference(name text, registry_name text) returns text
language sql immutable parallel safe as $$
select case
    when words.words = words.registry_words then 'accents'
    when sorted.words = sorted.registry_words then 'reordered'
    when
        words.words[1] = words.registry_words[1]
        and words.words[cardinality(words.words)]
        = words.registry_words[cardinality(words.registry_words)]
        and (words.words <@ words.registry_words or words.registry_words <@ words.words)
        then 'middle_dropped'
    else 'other'
end
from (
    select
        string_to_array(core.without_accents(core.name_key(name)), ' ') as words,
        string_to_array(core.without_accents(core.name_key(registry_name)), ' ') as registry_words
) as words
cross join lateral (
    select
        array(select word from unnest(words.words) as word order by word collate "C") as words,
        array(
            select word from unnest(words.registry_words) as word order by word collate "C"
        ) as registry_words
) as sorted
$$;

comment on function core.name_difference(text, text) is
'Of what kind a disagreement of names is, for the steward who reads it.';
