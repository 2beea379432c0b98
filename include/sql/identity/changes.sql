-- Purpose:    how the verdicts now differ from those that are stored.
-- Grain:      one row per record whose verdict, its day, detail or id differs, appears or goes.
-- Parameters: dataset: its code; chosen: which of the stored verdicts were compared again.
-- Reads:      compared, core.identity_verdict (touched and sharing, where chosen names them).
-- Writes:     verdict_change (temporary).
create temporary table verdict_change on commit drop as
select
    coalesce(compared.record_key, stored.record_key) as record_key,
    compared.verdict,
    compared.verdict_in_life,
    compared.deceased_from,
    compared.detail,
    compared.claimed_id,
    compared.id_scope,
    stored.verdict as was,
    stored.detail as was_detail,
    stored.verification_id as was_since,
    compared.verdict_in_life = stored.verdict_in_life as is_same_in_life,
    least(stored.deceased_from, compared.deceased_from) as deceased_from_either,
    (
        compared.verdict_in_life is distinct from stored.verdict_in_life
        or compared.deceased_from is distinct from stored.deceased_from
    ) as counts_otherwise,
    (
        compared.verdict is distinct from stored.verdict
        or compared.detail is distinct from stored.detail
    ) as is_other
from compared
full join (
    select before.*
    from core.identity_verdict as before
    where before.dataset_code = {dataset} and {chosen}
) as stored on compared.record_key = stored.record_key
where
    (
        compared.verdict, compared.verdict_in_life, compared.deceased_from, compared.detail,
        compared.claimed_id, compared.id_scope
    )
    is distinct from (
        stored.verdict, stored.verdict_in_life, stored.deceased_from, stored.detail,
        stored.claimed_id, stored.id_scope
    )
