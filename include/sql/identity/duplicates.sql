-- Purpose:    records that carry one id where it may stand once: nobody is verified by it, whatever
--             else the records say.
-- Grain:      one row per such record.
-- Parameters: none.
-- Reads:      compared.
-- Writes:     compared (temporary).
with shared as (
    select
        claimed_id,
        id_scope
    from compared
    where id_scope is not null
    group by claimed_id, id_scope
    having count(*) > 1
)

update compared set
    verdict = 'duplicate_id',
    verdict_in_life = 'duplicate_id',
    detail = case when compared.is_padded then 'padded' end
from shared
where compared.claimed_id = shared.claimed_id and compared.id_scope = shared.id_scope
