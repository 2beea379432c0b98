-- Purpose:    who listed the records behind which published value, when and why.
-- Grain:      one page of a list.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.value_read.
create table ops.value_read (
    read_id bigint generated always as identity primary key,
    read_at timestamptz not null default clock_timestamp(),
    reader text not null check (length(btrim(reader)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    publication_id bigint not null,
    kpi_code text not null,
    boundary_version text not null,
    unit_level text not null,
    unit_code text not null,
    breakdown text not null,
    member_code text not null,
    page_no integer not null check (page_no > 0),
    refused_because text check (refused_because in ('not_published', 'hidden', 'other_province'))
);
comment on table ops.value_read is
'Who listed the records behind which published value, when and why; written before they are shown. |
Nhật ký xem các bản ghi tạo nên một số liệu.';
comment on column ops.value_read.read_id is 'The reading.';
comment on column ops.value_read.read_at is 'When.';
comment on column ops.value_read.reader is 'User of Airflow, or login, who asked.';
comment on column ops.value_read.reason is 'Why, in the reader''s words.';
comment on column ops.value_read.publication_id is 'Publication of the value.';
comment on column ops.value_read.kpi_code is 'As in mart.kpi_value.';
comment on column ops.value_read.boundary_version is 'As in mart.kpi_value.';
comment on column ops.value_read.unit_level is 'As in mart.kpi_value.';
comment on column ops.value_read.unit_code is 'As in mart.kpi_value.';
comment on column ops.value_read.breakdown is 'As in mart.kpi_value.';
comment on column ops.value_read.member_code is 'As in mart.kpi_value.';
comment on column ops.value_read.page_no is 'Page of the list, from 1.';
comment on column ops.value_read.refused_because is
'Why nothing was shown; empty: the page was. not_published: there is no such number; hidden: its
count is small; other_province: the reader is assigned to other provinces.';

-- Only ops.read_value writes readings.
revoke insert, update, delete on ops.value_read from dean06_loader;
grant select on ops.value_read to dean06_ui;

alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key',
        'closed_period', 'value_read'
    )
);
