-- Purpose:    note why a step that belongs to no load failed; of each step the newest is kept.
-- Grain:      one step.
-- Parameters: step; cause, code: its English text and its code; detail, parameters: what exactly
--             happened, as a code with parameters.
-- Reads:      nothing.
-- Writes:     ops.step_failure.
insert into ops.step_failure (step_code, cause, cause_code, detail_code, detail_parameters)
values (:step, :cause, :code, :detail, cast(:parameters as jsonb))
on conflict (step_code) do update
    set
        cause = excluded.cause,
        cause_code = excluded.cause_code,
        detail_code = excluded.detail_code,
        detail_parameters = excluded.detail_parameters,
        failed_at = excluded.failed_at
