-- Purpose:    what the pages inside Airflow may read: the ledger and mart, no record of a person. A
--             quarantined record is read through one function, which first writes down who reads.
-- Grain:      ops.payload_read: one reading of one quarantined record.
-- Parameters: none.
-- Reads:      ops.quarantine, ops.validation_result.
do $$
begin
    if not exists (select from pg_roles where rolname = 'dean06_ui') then
        create role dean06_ui nologin;
    end if;
    grant dean06_ui to current_user;
end
$$;
comment on role dean06_ui is 'The pages inside Airflow: ledger and mart, no identities.';

grant usage on schema ops to dean06_ui;
grant dean06_bi to dean06_ui;
grant select on
ops.load, ops.watermark, ops.validation_result, ops.quarantine_reason, ops.kpi_build,
ops.kpi_audit_result, ops.alert, ops.watchdog, ops.source_credential
to dean06_ui;

create view ops.quarantine_count as
select
    counted.load_id,
    load.source_code,
    load.dataset_code,
    load.day,
    load.status,
    counted.rule_code,
    counted.record_count,
    why.dimension,
    why.reason_en,
    why.reason_vi
from (
    select
        quarantine.load_id,
        broken.rule_code,
        count(*) as record_count
    from ops.quarantine
    cross join lateral unnest(quarantine.rule_codes) as broken (rule_code)
    group by quarantine.load_id, broken.rule_code
) as counted
inner join ops.load on counted.load_id = load.load_id
left join lateral (
    -- As in ops.quarantine_reason: the expectation that rejects most tells why.
    select
        result.dimension,
        result.reason_en,
        result.reason_vi
    from ops.validation_result as result
    where result.load_id = counted.load_id and result.rule_code = counted.rule_code
    order by result.unexpected_count desc, result.expectation_type asc
    limit 1
) as why on true;
comment on view ops.quarantine_count is
'How many records of a load broke which rule, and why; no payload. | Số bản ghi cách ly theo lỗi.';
comment on column ops.quarantine_count.load_id is 'Load they came with.';
comment on column ops.quarantine_count.source_code is 'Source key.';
comment on column ops.quarantine_count.dataset_code is 'Dataset of the source.';
comment on column ops.quarantine_count.day is 'Day of the load.';
comment on column ops.quarantine_count.status is 'Status of the load: published, held …';
comment on column ops.quarantine_count.rule_code is 'Rule they broke.';
comment on column ops.quarantine_count.record_count is
'Records; one that broke two rules counts with both.';
comment on column ops.quarantine_count.dimension is 'đúng, đủ, sạch or sống.';
comment on column ops.quarantine_count.reason_en is 'What the rule asks, in English.';
comment on column ops.quarantine_count.reason_vi is 'What the rule asks, in Vietnamese.';
grant select on ops.quarantine_count to dean06_ui;

create table ops.payload_read (
    read_id bigint generated always as identity primary key,
    read_at timestamptz not null default clock_timestamp(),
    reader text not null check (length(btrim(reader)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    load_id bigint not null,
    row_no bigint not null
);
comment on table ops.payload_read is
'Who looked at which quarantined record, when and why; written before it is shown. |
Nhật ký xem bản ghi cách ly.';
comment on column ops.payload_read.read_id is 'The reading.';
comment on column ops.payload_read.read_at is 'When.';
comment on column ops.payload_read.reader is 'User of Airflow who asked.';
comment on column ops.payload_read.reason is 'Why, in the reader''s words.';
comment on column ops.payload_read.load_id is 'Load of the record.';
comment on column ops.payload_read.row_no is 'Its position in the load.';

create function ops.refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'what was done is not unwritten' using errcode = '55000';
end
$$;
comment on function ops.refuse_rewriting() is 'Keeps tables of evidence append-only.';
create trigger payload_read_is_append_only before update or delete or truncate on ops.payload_read
for each statement execute function ops.refuse_rewriting();
grant select on ops.payload_read to dean06_ui;

create function ops.read_payload(
    which_load bigint, which_row bigint, who text, why text
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_payload jsonb;
begin
    insert into ops.payload_read (reader, reason, load_id, row_no)
    values (who, why, which_load, which_row);
    select quarantine.payload into found_payload
    from ops.quarantine
    where quarantine.load_id = which_load and quarantine.row_no = which_row;
    return found_payload;
end
$$;
comment on function ops.read_payload(bigint, bigint, text, text) is
'A quarantined record, after its reader and reason are written down; null when there is none.';
revoke all on function ops.read_payload(bigint, bigint, text, text) from public;
grant execute on function ops.read_payload(bigint, bigint, text, text) to dean06_ui;
