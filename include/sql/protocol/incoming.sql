-- Purpose:    the accepted rows of a load, typed, and ranked among themselves.
-- Grain:      one row per accepted record of the load.
-- Parameters: meaning: the dataset's core SQL; key, version; content: all its other columns.
-- Reads:      accepted (staging less quarantine), through the core SQL.
--
-- _copy = 1 is the copy of a version that is kept; _age = 1 is the newest version in the load. Two
-- different records of the same key and version are ordered by a hash of their content, so that the
-- outcome does not depend on the order of arrival.
create temporary table incoming on commit drop as
select
    typed.*,
    row_number() over same_version as _copy,
    row_number() over same_key as _age
from ({meaning}) as typed
window
    same_key as (
        partition by {key}
        order by {version} desc, hash_record_extended(row({content}), 0) desc, typed._row
    ),
    -- Both windows end in _row: the copy that is kept is also the one that can be the newest.
    same_version as (
        partition by {key}, {version}
        order by hash_record_extended(row({content}), 0) desc, typed._row
    )
