-- Purpose:    the accepted rows of a load, typed, and ranked among themselves.
-- Grain:      one row per accepted record of the load.
-- Parameters: meaning: the dataset's core SQL; key, version; content: all its other columns.
-- Reads:      accepted (staging less quarantine), through the core SQL.
--
-- _copy = 1 is the copy of a version that is kept; _age = 1 is the newest version in the load. Two
-- different records of the same key and version are ordered by a digest of their content, so that
-- the outcome does not depend on the order of arrival; it is computed for repeated versions only.
-- Both windows end in _row: the copy that is kept is also the one that can be the newest.
create temporary table incoming on commit drop as
with typed as materialized ({meaning}),

repeated as (
    select {key}, {version}, true as is_repeated
    from typed
    group by {key}, {version}
    having count(*) > 1
),

ordered as (
    select
        typed.*,
        case when repeated.is_repeated then md5(row({typed_content})::text) end as _digest
    from typed
    left join repeated using ({key}, {version})
)

select
    ordered.*,
    row_number() over (
        partition by {key}, {version} order by _digest collate "C" desc nulls last, _row
    ) as _copy,
    row_number() over (
        partition by {key} order by {version} desc, _digest collate "C" desc nulls last, _row
    ) as _age
from ordered
