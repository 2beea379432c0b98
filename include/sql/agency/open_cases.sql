-- Purpose:    a case for every record that was found wrong and has none of that kind yet.
-- Grain:      one record.
-- Parameters: none.
-- Reads:      broken_record, core.correction_record.
-- Writes:     ops.correction_case, core.correction_record.
with unknown as materialized (
    select
        nextval(pg_get_serial_sequence('ops.correction_case', 'case_id')) as case_id,
        found.dataset_code,
        found.kind,
        found.record_key
    from (
        select distinct
            broken.dataset_code,
            broken.kind,
            broken.record_key
        from broken_record as broken
        where
            not exists (
                select from core.correction_record as known
                where
                    known.dataset_code = broken.dataset_code
                    and known.kind = broken.kind
                    and known.record_key = broken.record_key
            )
        order by broken.dataset_code, broken.kind, broken.record_key
    ) as found
),

opened as (
    insert into ops.correction_case (case_id, source_code, dataset_code, kind)
    select
        case_id,
        split_part(dataset_code, '.', 1) as source_code,
        dataset_code,
        kind
    from unknown
)

insert into core.correction_record (case_id, dataset_code, kind, record_key)
select
    case_id,
    dataset_code,
    kind,
    record_key
from unknown
