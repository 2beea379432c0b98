-- Purpose:    what core holds today of the record that a correction is about, for whoever decides.
-- Grain:      one value: the newest version as JSON; null where core has none, or where the key of
--             the correction cannot be read.
-- Parameters: of_source, of_dataset; payload: the corrected record.
-- Reads:      ops.replay_binding.
-- Writes:     ops.known_record.
create or replace function ops.known_record(of_source text, of_dataset text, payload jsonb)
returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    core_table regclass := to_regclass(format('core.%I', of_source || '__' || of_dataset));
    conditions text;
    found_record jsonb;
begin
    select string_agg(
        format(
            '%I = ($1 ->> %L)::%s', key.name, key.name,
            format_type(attribute.atttypid, attribute.atttypmod)
        ), ' and '
    ) into strict conditions
    from ops.replay_binding as binding
    cross join lateral unnest(binding.key_columns) as key (name)
    inner join pg_attribute as attribute
        on attribute.attrelid = core_table and attribute.attname = key.name
    where binding.source_code = of_source and binding.dataset_code = of_dataset;
    if conditions is not null then
        execute format(
            'select to_jsonb(known) from %s as known where known._is_current and %s',
            core_table, conditions
        ) into found_record using payload;
    end if;
    return found_record;
exception
    when data_exception then
        return null;
end
$$;

comment on function ops.known_record(text, text, jsonb) is
'What core holds of the record that a correction is about.';

revoke all on function ops.known_record(text, text, jsonb) from public;
