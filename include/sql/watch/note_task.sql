-- Purpose:    note why a try of a task of Airflow's failed; of each task the newest is kept.
-- Grain:      one task of a DAG.
-- Parameters: dag, task, run_key; cause, code: its English text and its code; detail, parameters:
--             what exactly happened, as a code with parameters.
-- Reads:      nothing.
-- Writes:     ops.task_failure.
insert into ops.task_failure (
    dag_code, task_code, run_key, cause, cause_code, detail_code, detail_parameters
)
values (:dag, :task, :run_key, :cause, :code, :detail, cast(:parameters as jsonb))
on conflict (dag_code, task_code) do update
    set
        run_key = excluded.run_key,
        cause = excluded.cause,
        cause_code = excluded.cause_code,
        detail_code = excluded.detail_code,
        detail_parameters = excluded.detail_parameters,
        failed_at = excluded.failed_at
