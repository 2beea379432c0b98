-- Purpose:    an extraction that was never completed and lost a file to retention starts over.
-- Grain:      files of such loads.
-- Parameters: paths: of the files removed.
-- Reads:      ops.load, ops.landing_file.
-- Writes:     ops.landing_file.
delete from ops.landing_file
where landing_file.load_id in (
    select load.load_id
    from ops.load
    inner join ops.landing_file as gone on load.load_id = gone.load_id
    where load.status = 'open' and gone.landed_path = any(:paths)
)
