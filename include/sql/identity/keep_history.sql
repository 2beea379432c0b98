-- Purpose:    keep the verdicts that end with this run.
-- Grain:      one row per verdict that is replaced or withdrawn.
-- Parameters: dataset, verification.
-- Reads:      verdict_change.
insert into core.identity_verdict_history
    (dataset_code, record_key, valid_from, valid_to, verdict, detail)
select {dataset}, record_key, was_since, {verification}, was, was_detail
from verdict_change
where was is not null and is_other
