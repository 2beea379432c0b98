-- Purpose:    failures of steps that belong to no load, for the page Today and the watchdog.
-- Grain:      see the comment of the table.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.step_failure.

create table ops.step_failure (
    step_code text primary key,
    cause text not null,
    failed_at timestamptz not null default clock_timestamp()
);
grant select on ops.step_failure to dean06_ui;
comment on table ops.step_failure is
'Steps whose last run failed; a success removes the row. | Các bước chạy lỗi chưa khắc phục.';
comment on column ops.step_failure.step_code is 'DAG of the step: verify_identities, build_kpis …';
comment on column ops.step_failure.cause is 'What happened and what to do, no personal data.';
comment on column ops.step_failure.failed_at is 'When it last failed.';
