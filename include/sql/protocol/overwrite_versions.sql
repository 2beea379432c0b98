-- Purpose:    overwrite the versions that core holds with lesser content.
-- Grain:      one row per key and version.
-- Parameters: core; assign: how a version is overwritten; same_version: join; load_id.
-- Reads:      incoming.
update {core} as core
set {assign}, _load_id = {load_id}
from incoming
where incoming._is_stored and incoming._is_known and {same_version}
