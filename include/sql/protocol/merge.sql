-- Purpose:    store the versions that core does not hold yet (or holds with lesser content).
-- Grain:      one row per key and version.
-- Parameters: core; columns, values: its columns; identity: key and version; assign: how a lesser
--             version is overwritten; load_id.
-- Reads:      incoming, outcome.
insert into {core} ({columns}, _load_id, _is_current)
select {values}, {load_id}, outcome.is_newest
from incoming
inner join outcome on incoming._row = outcome._row
where outcome.is_stored
on conflict ({identity}) do update set {assign}, _load_id = excluded._load_id
