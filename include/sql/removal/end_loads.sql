-- Purpose:    give up the loads of a source that are under way or held: nobody goes on with them.
-- Grain:      one load.
-- Parameters: source.
-- Reads:      nothing.
-- Writes:     ops.load.
update ops.load set status = 'abandoned'
where load.source_code = :source and load.status not in ('published', 'abandoned')
