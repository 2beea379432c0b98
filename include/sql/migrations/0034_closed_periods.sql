-- Purpose:    periods that were closed: which publication holds their values, when and by whom.
-- Grain:      one period.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.closed_period.
create table mart.closed_period (
    closing_id bigint generated always as identity primary key,
    period text not null check (period in ('month', 'quarter', 'year')),
    first_day date not null check (first_day = date_trunc(period, first_day::timestamp)::date),
    last_day date not null check (last_day > first_day),
    publication_id bigint not null references mart.kpi_publication,
    closed_at timestamptz not null default clock_timestamp(),
    closed_by text not null check (closed_by <> ''),
    closing_reason text not null check (closing_reason <> ''),
    unique (period, first_day)
);
comment on table mart.closed_period is
'Months, quarters and years that were closed: their values are those of a publication of their last
day; later ones revise them. | Các kỳ báo cáo đã chốt số liệu.';
comment on column mart.closed_period.closing_id is 'The closing.';
comment on column mart.closed_period.period is 'month, quarter or year.';
comment on column mart.closed_period.first_day is 'First day of the period.';
comment on column mart.closed_period.last_day is 'Last day of the period.';
comment on column mart.closed_period.publication_id is 'Publication that closed it.';
comment on column mart.closed_period.closed_at is 'When it was closed.';
comment on column mart.closed_period.closed_by is 'Login of who closed it; readers do not see it.';
comment on column mart.closed_period.closing_reason is
'Why it was closed then; readers do not see it.';

grant insert, select on mart.closed_period to dean06_loader;
grant select on mart.closed_period to dean06_steward;
grant select (closing_id, period, first_day, last_day, publication_id, closed_at)
on mart.closed_period to dean06_bi, dean06_bi_province;

alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key',
        'closed_period'
    )
);
