-- Purpose:    the lines of a list about rejected records. The value that broke the rule is shown
--             only where the contract does not class the field as personal or sensitive: the
--             agency finds the others by the record's id or by file and line.
-- Grain:      one line per record and rule it broke.
-- Parameters: none.
-- Reads:      rejection, listed_dataset, listed_field, listed_case, correction, ops.quarantine,
--             ops.load, ops.landing_file.
-- Writes:     nothing.
select
    'Bị từ chối' as kind,
    listed_dataset.label_vi,
    ops.spreadsheet_text((
        select string_agg(record.payload ->> part.name, '|' order by part.position)
        from unnest(listed_dataset.key_columns) with ordinality as part (name, position)
    )) as record_id,
    listed_field.field,
    case
        when listed_field.is_shown
            then ops.spreadsheet_text(record.payload ->> rejection.column_name)
    end as received,
    rejection.code,
    concat_ws(
        ' ', coalesce(problem.reason_vi, rejection.reason_vi), 'Đã nhận: ' || came.kinds_vi || '.'
    ) as reason_vi,
    fix.fix_vi,
    ops.spreadsheet_text(load.run_key) as run_key,
    ops.spreadsheet_text(file.piece_name) as piece_name,
    rejection.row_no - file.first_row + 1 as line_no,
    rejection.row_no,
    listed_case.case_id,
    to_char(listed_case.due_on, 'DD/MM/YYYY') as due_on,
    concat_ws(
        ' ', coalesce(problem.reason_en, rejection.reason_en), 'Received: ' || came.kinds_en || '.'
    ) as reason_en,
    fix.fix_en
from rejection
inner join ops.quarantine as record
    on rejection.load_id = record.load_id and rejection.row_no = record.row_no
inner join ops.load on rejection.load_id = load.load_id
inner join listed_dataset on rejection.dataset_code = listed_dataset.dataset_code
left join listed_case
    on
        rejection.dataset_code = listed_case.dataset_code
        and rejection.load_id = listed_case.load_id
        and ops.case_key(record.payload, listed_dataset.key_columns) = listed_case.record_key
left join listed_field
    on
        rejection.dataset_code = listed_field.dataset_code
        and rejection.column_name = listed_field.column_name
left join correction as fix
    on fix.kind = 'rule' and rejection.expectation_type = fix.code
left join correction as problem
    on
        problem.kind = 'problem'
        and rejection.column_name = '_problem'
        and record.payload ->> '_problem' = problem.code
left join lateral (
    -- Fields and kinds of the values that came as another kind than the contract lists.
    select
        string_agg(note.place || kind.reason_vi, '; ' order by note.position) as kinds_vi,
        string_agg(note.place || kind.reason_en, '; ' order by note.position) as kinds_en
    from (
        select
            parts.position,
            substring(parts.text from '^.*: ') as place,
            substring(parts.text from '[a-z]+$') as kind
        from
            regexp_split_to_table(record.payload ->> '_kinds', '; ')
            with ordinality as parts (text, position)
    ) as note
    inner join correction as kind on kind.kind = 'kind' and note.kind = kind.code
) as came on rejection.column_name = '_kinds'
left join lateral (
    select
        landed.piece_name,
        landed.first_row
    from ops.landing_file as landed
    where landed.load_id = rejection.load_id and landed.first_row <= rejection.row_no
    order by landed.first_row desc
    limit 1
) as file on true
order by rejection.dataset_code, rejection.load_id, rejection.row_no, rejection.code
