-- Purpose:    how the verdicts of a dataset that had none differ from those that are stored: each
--             of them is new. A view: nothing is written a second time.
-- Grain:      one row per record.
-- Parameters: none.
-- Reads:      compared.
-- Writes:     verdict_change (temporary).
create temporary view verdict_change as
select
    compared.record_key,
    compared.verdict,
    compared.verdict_in_life,
    compared.deceased_from,
    compared.detail,
    compared.claimed_id,
    compared.id_scope,
    null::text as was,
    null::text as was_detail,
    null::bigint as was_since,
    null::boolean as is_same_in_life,
    compared.deceased_from as deceased_from_either,
    true as counts_otherwise,
    true as is_other
from compared
