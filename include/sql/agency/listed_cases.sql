-- Purpose:    the cases of a list, with the deadline that its agency is told: by what had been
--             listed until then, so that the list of a day stays what it was.
-- Grain:      one record and load or run of verification.
-- Parameters: source; loads: whose rejected records are listed; runs: whose mismatches; everything:
--             true for mismatches of whichever run.
-- Reads:      ops.correction_case, ops.correction_step, core.correction_record.
-- Writes:     listed_case (temporary).
create temporary table listed_case on commit drop as
select
    subject.dataset_code,
    subject.record_key,
    step.case_id,
    step.load_id,
    step.verification_id,
    step.due_on
from ops.correction_case as about
inner join ops.correction_step as step on about.case_id = step.case_id
inner join core.correction_record as subject on about.case_id = subject.case_id
where
    about.source_code = {source}
    and step.event = 'broken'
    and (
        step.load_id = any({loads})
        or step.verification_id = any({runs})
        or ({everything} and step.verification_id is not null)
    )
