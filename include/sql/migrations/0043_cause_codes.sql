-- Purpose:    causes of failures as codes, which pages and mails render in the reader's language;
--             and why tasks of Airflow's failed, for the watchdog.
-- Grain:      ops.load_cause: one load that has ever failed; ops.task_failure: one task.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.load_cause, ops.task_failure.

-- A table of its own: rows of ops.load are part of the audit chain as they were noted.
create table ops.load_cause (
    load_id bigint primary key references ops.load (load_id),
    cause_code text not null
);
grant select on ops.load_cause to dean06_ui;
comment on table ops.load_cause is
'Code of why a load last failed; holds while ops.load.cause is set. | Mã nguyên nhân lỗi của lượt
nạp.';
comment on column ops.load_cause.load_id is 'The load.';
comment on column ops.load_cause.cause_code is 'As dean06.errors.Cause lists them.';

alter table ops.step_failure add column cause_code text;
comment on column ops.step_failure.cause_code is
'As dean06.errors.Cause lists them; empty: failed before there were codes.';

create table ops.task_failure (
    dag_code text not null,
    task_code text not null,
    run_key text not null,
    cause text not null,
    cause_code text not null,
    failed_at timestamptz not null default clock_timestamp(),
    primary key (dag_code, task_code)
);
grant select on ops.task_failure to dean06_ui;
comment on table ops.task_failure is
'Why a task last failed, whether or not it was tried again: a problem only while Airflow shows the
task as failed. | Nguyên nhân lỗi gần nhất của từng tác vụ.';
comment on column ops.task_failure.dag_code is 'DAG.';
comment on column ops.task_failure.task_code is 'Task.';
comment on column ops.task_failure.run_key is 'Run, as Airflow names it.';
comment on column ops.task_failure.cause is 'What happened and what to do, no personal data.';
comment on column ops.task_failure.cause_code is 'As dean06.errors.Cause lists them.';
comment on column ops.task_failure.failed_at is 'When.';
