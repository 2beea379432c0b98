-- Purpose:    whether data of a kind and dataset are past their retention period.
-- Grain:      one value.
-- Parameters: kind: as in ops.retention; of_source, of_dataset; since: when they were kept.
-- Reads:      ops.retention.
-- Writes:     ops.is_over.
create or replace function ops.is_over(
    kind text, of_source text, of_dataset text, since timestamptz
) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
select exists (
    select from ops.retention
    where
        retention.what = kind
        and retention.source_code = of_source
        and retention.dataset_code = of_dataset
        and since < now() - make_interval(days => retention.kept_days)
)
$$;

comment on function ops.is_over(text, text, text, timestamptz) is
'Whether data of a kind and dataset have been kept for as long as they may.';

revoke all on function ops.is_over(text, text, text, timestamptz) from public;
