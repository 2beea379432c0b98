-- Purpose:    write down that a shard was staged, and how long its landed files are in lines.
-- Grain:      one shard.
-- Parameters: load_id, shard_no; path, sha256, bytes: of the file; received, withdrawn, unreadable:
--             records; known, unknown: fields; pieces, lines: last line by piece.
-- Reads:      nothing.
-- Writes:     ops.shard, ops.landing_file.
with measured as (
    update ops.landing_file set last_line = piece.last_line
    from unnest(cast(:pieces as int[]), cast(:lines as bigint[])) as piece (piece_no, last_line)
    where landing_file.load_id = :load_id and landing_file.piece_no = piece.piece_no
)

update ops.shard set
    staged_path = :path, staged_sha256 = :sha256, staged_bytes = :bytes,
    received_count = :received, withdrawn_count = :withdrawn, unreadable_count = :unreadable,
    known_fields = :known, unknown_fields = :unknown,
    failing_path = null, failing_sha256 = null, failing_bytes = null, broken_rules = null
where shard.load_id = :load_id and shard.shard_no = :shard_no
