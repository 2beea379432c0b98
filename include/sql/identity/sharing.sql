-- Purpose:    records that share an id, before or now, with a record that was touched: one of them
--             may become, or cease to be, the only one.
-- Grain:      one row per record of the dataset that is not touched itself.
-- Parameters: dataset: its code; has_scope: whether the dataset has ids that may stand once.
-- Reads:      touched, subject, core.identity_verdict.
-- Writes:     sharing (temporary).
create temporary table sharing on commit drop as
select verdict.record_key
from (
    select
        before.claimed_id,
        before.id_scope
    from core.identity_verdict as before
    inner join touched on before.record_key = touched.record_key
    where {has_scope} and before.dataset_code = {dataset} and before.id_scope is not null
    union
    select
        subject.claimed_id,
        subject.id_scope
    from subject
    where {has_scope} and subject.id_scope is not null
) as sharable
inner join core.identity_verdict as verdict
    on
        sharable.claimed_id = verdict.claimed_id
        and sharable.id_scope = verdict.id_scope
        and verdict.dataset_code = {dataset}
where verdict.record_key not in (select touched.record_key from touched)
