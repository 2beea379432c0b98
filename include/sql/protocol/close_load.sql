-- Purpose:    write the counts of a load that is published.
-- Grain:      one load.
-- Parameters: load_id; status: published; inserted, updated, unchanged, deleted, superseded: its
--             counts; affects_from.
-- Reads:      ops.quarantine.
-- Writes:     ops.load.
update ops.load set
    status = :status, cause = null, published_at = clock_timestamp(),
    inserted_count = :inserted, updated_count = :updated, unchanged_count = :unchanged,
    deleted_count = :deleted, superseded_count = :superseded,
    quarantined_count = (
        select count(*) from ops.quarantine
        where quarantine.load_id = :load_id
    ),
    affects_from = :affects_from
where load_id = :load_id
