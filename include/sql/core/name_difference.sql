-- Purpose:    of what kind a disagreement of names is, for the steward who reads it.
-- Grain:      one value: accents, reordered, middle_dropped, other.
-- Parameters: name: of the record; registry_name: of the registry.
-- Reads:      nothing.
-- Writes:     core.name_difference.
create or replace function core.name_difference(name text, registry_name text) returns text
language plpgsql immutable parallel safe as $$
declare
    words text[] := string_to_array(core.without_accents(core.name_key(name)), ' ');
    others text[] := string_to_array(core.without_accents(core.name_key(registry_name)), ' ');
begin
    if words = others then
        return 'accents';
    end if;
    -- Sorted only where it can matter: most names that differ have no more than a word in common.
    if
        cardinality(words) = cardinality(others) and words <@ others and others <@ words
        and array(select word from unnest(words) as word order by word collate "C")
        = array(select word from unnest(others) as word order by word collate "C")
    then
        return 'reordered';
    end if;
    if
        words[1] = others[1]
        and words[cardinality(words)] = others[cardinality(others)]
        and (words <@ others or others <@ words)
    then
        return 'middle_dropped';
    end if;
    return 'other';
end
$$;

comment on function core.name_difference(text, text) is
'Of what kind a disagreement of names is, for the steward who reads it.';
