-- Purpose:    open a load.
-- Grain:      one load.
-- Parameters: source, dataset, run_key, attempt, day, since, until, version; corrects: the load
--             that it corrects records of.
-- Reads:      nothing.
-- Writes:     ops.load.
insert into ops.load (
    source_code, dataset_code, run_key, attempt, day,
    window_since, window_until, contract_version, corrects_load_id
)
values (
    :source, :dataset, :run_key, :attempt, :day, :since, :until, :version,
    :corrects
)
returning load_id
