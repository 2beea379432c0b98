-- Purpose:    who read exact numbers of KPIs of a day, published or not, when and why.
-- Grain:      one reading.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.day_read.
create table ops.day_read (
    read_id bigint generated always as identity primary key,
    read_at timestamptz not null default clock_timestamp(),
    reader text not null check (length(btrim(reader)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    as_of_date date not null,
    boundary_version text not null check (boundary_version in ('as_reported', 'current')),
    unit_code text not null,
    kpi_codes text not null,
    province_codes text[]
);
comment on table ops.day_read is
'Who read exact numbers of KPIs of a day, published or not, when and why; written before they are
shown. | Nhật ký xem số liệu chính xác của một ngày.';
comment on column ops.day_read.read_id is 'The reading.';
comment on column ops.day_read.read_at is 'When.';
comment on column ops.day_read.reader is 'Login that asked.';
comment on column ops.day_read.reason is 'Why, in the reader''s words.';
comment on column ops.day_read.as_of_date is 'Day of the numbers.';
comment on column ops.day_read.boundary_version is 'As in mart.kpi_value.';
comment on column ops.day_read.unit_code is 'Unit; empty: every province.';
comment on column ops.day_read.kpi_codes is 'What the codes of the KPIs begin with; empty: all.';
comment on column ops.day_read.province_codes is
'Provinces that the reader is assigned to, whose numbers alone were shown; empty: all.';

-- Only ops.read_day writes readings.
revoke insert, update, delete on ops.day_read from dean06_loader;
grant select on ops.day_read to dean06_ui;

alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key',
        'closed_period', 'value_read', 'day_read'
    )
);
