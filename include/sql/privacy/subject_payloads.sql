-- Purpose:    the records in quarantine that name a person, as received, and who has read them.
-- Grain:      one quarantined record.
-- Parameters: none; the number is in asked_person.
-- Reads:      asked_person, ops.load, ops.payload_read, ops.quarantine.
-- Writes:     nothing.
select
    quarantine.source_code || '.' || quarantine.dataset_code as dataset,
    load.day,
    quarantine.load_id,
    quarantine.row_no,
    quarantine.rule_codes,
    quarantine.payload,
    (
        select
            coalesce(jsonb_agg(jsonb_build_object(
                'at', reading.read_at, 'reader', reading.reader, 'reason', reading.reason
            ) order by reading.read_id), '[]')
        from ops.payload_read as reading
        where reading.load_id = quarantine.load_id and reading.row_no = quarantine.row_no
    ) as readings
from ops.quarantine
inner join ops.load on quarantine.load_id = load.load_id
where ops.names_person(quarantine.payload, (select asked_person.personal_id from asked_person))
order by quarantine.load_id, quarantine.row_no
