-- Purpose:    the cases of a list, with the deadline that its agency is told: by what had been
--             listed until then, so that the list of a day stays what it was.
-- Grain:      one record and load or run of verification.
-- Parameters: source; loads: whose rejected records are listed; runs: whose mismatches; everything:
--             true for mismatches of whichever run.
-- Reads:      ops.correction_step, core.correction_record.
-- Writes:     listed_case (temporary).
create temporary table listed_case on commit drop as
select
    subject.dataset_code,
    subject.record_key,
    step.case_id,
    step.load_id,
    step.verification_id,
    step.due_on
from ops.correction_step as step
inner join core.correction_record as subject on step.case_id = subject.case_id
where
    step.source_code = {source}
    and step.event = 'broken'
    and (
        step.load_id = any({loads})
        or step.verification_id = any({runs})
        or ({everything} and step.verification_id is not null)
    )
