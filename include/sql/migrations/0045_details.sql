-- Purpose:    what exactly happened in a failure as a code with parameters, from which pages, mails
--             and commands write it in the reader's language.
-- Grain:      as the tables: one load, step or task that failed.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing (the columns are on ops.load_cause, ops.step_failure and ops.task_failure).

-- Empty for failures from before there were codes, and for errors that have none: those show the
-- English text of the column cause.
alter table ops.load_cause
add column detail_code text,
add column detail_parameters jsonb;
comment on column ops.load_cause.detail_code is
'As dean06.details.texts lists them; empty: the cause has its English text only.';
comment on column ops.load_cause.detail_parameters is
'What the text names: dataset, file, page, counts; no personal data, no sentence of a source.';

alter table ops.step_failure
add column detail_code text,
add column detail_parameters jsonb;
comment on column ops.step_failure.detail_code is
'As dean06.details.texts lists them; empty: the cause has its English text only.';
comment on column ops.step_failure.detail_parameters is
'What the text names: dataset, file, day, counts; no personal data.';

alter table ops.task_failure
add column detail_code text,
add column detail_parameters jsonb;
comment on column ops.task_failure.detail_code is
'As dean06.details.texts lists them; empty: the cause has its English text only.';
comment on column ops.task_failure.detail_parameters is
'What the text names: dataset, file, day, counts; no personal data.';
