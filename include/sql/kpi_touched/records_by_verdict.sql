-- Purpose:    records whose verdict changed after a run of verification.
-- Grain:      one row per record that is not there yet.
-- Parameters: datasets: their codes; verification: the run.
-- Reads:      core.replaced_verdict, touched.
-- Writes:     touched (temporary).
insert into touched (dataset_code, record_key)
select
    dataset_code,
    record_key
from core.replaced_verdict
where replaced_by > {verification} and dataset_code = any({datasets})
except
select
    dataset_code,
    record_key
from touched
