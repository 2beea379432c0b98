-- Purpose:    overwrite the versions that core holds with lesser content.
-- Grain:      one row per key and version.
-- Parameters: core; assign: how a version is overwritten; same_version: join; load_id.
-- Reads:      decided.
-- Writes:     the core table.
update {core} as core
set {assign}, _load_id = {load_id}
from decided
where decided._is_stored and decided._is_known and {same_version}
