-- Purpose:    how the verdicts now differ from those that are stored.
-- Grain:      one row per record whose verdict, detail or id differs, appears or goes.
-- Parameters: dataset: its code; chosen: which of the stored verdicts were compared anew.
-- Reads:      compared, core.identity_verdict (touched and sharing, where chosen names them).
-- Writes:     verdict_change (temporary).
create temporary table verdict_change on commit drop as
select
    coalesce(compared.record_key, stored.record_key) as record_key,
    compared.verdict,
    compared.detail,
    compared.claimed_id,
    compared.id_scope,
    stored.verdict as was,
    stored.detail as was_detail,
    stored.verification_id as was_since,
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
    (compared.verdict, compared.detail, compared.claimed_id, compared.id_scope)
    is distinct from (stored.verdict, stored.detail, stored.claimed_id, stored.id_scope)
