-- Purpose:    in which way two names agree.
-- Grain:      one value: exact, what had to be folded, tcvn3, vni, unaccented; null: they disagree.
-- Parameters: name: of the record; registry_name: of the registry.
-- Reads:      nothing.
-- Writes:     core.name_agreement.
create or replace function core.name_agreement(name text, registry_name text) returns text
language plpgsql immutable parallel safe as $$
declare
    key text;
    registry_key text;
    plain text;
    registry_plain text;
begin
    if name = registry_name then
        return 'exact';
    end if;
    key := core.name_key(name);
    registry_key := core.name_key(registry_name);
    if key = registry_key then
        return core.spelling_differences(name, registry_name);
    end if;
    if core.may_be_legacy(name) then
        if core.name_key(core.decode_tcvn3(name)) = registry_key then
            return 'tcvn3';
        elsif core.name_key(core.decode_vni(name)) = registry_key then
            return 'vni';
        end if;
    end if;
    plain := core.without_accents(key);
    registry_plain := core.without_accents(registry_key);
    if plain = registry_plain and (plain = key or registry_plain = registry_key) then
        return 'unaccented';
    end if;
    return null;
end
$$;

comment on function core.name_agreement(text, text) is
'exact, what had to be folded, tcvn3, vni, or null: they disagree. unaccented needs a second key.';
