-- Purpose:    what each agency has to correct: which loads and runs a day's list is made from, what
--             was written, how much of what. Lines themselves are never kept in the warehouse.
-- Grain:      ops.agency_list: one written list of one source.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.verification, ops.verification_load,
--             ops.verification_dataset.

create function ops.spreadsheet_text(value text) returns text
language sql immutable parallel safe as $$
select case
    -- A programme that opens the list must show what was received, never compute it.
    when shown.text ~ '^[[:space:]\u00A0]*[=+@＝＋＠－-]' then '''' || shown.text
    else shown.text
end
from (
    -- A workbook cannot hold control characters, and a line of the list is one line.
    select regexp_replace(
        case when length(value) > 200 then left(value, 200) || '…' else value end,
        '[\u0001-\u001F\u007F\uFFFE\uFFFF]', '�', 'g'
    ) as text
) as shown
$$;
comment on function ops.spreadsheet_text(text) is
'A received value as a list shows it: one line, 200 characters at most, never a formula.';

create view ops.verification_day as
select
    verification.verification_id,
    (
        select max(load.day)
        from ops.verification_load as covered
        inner join ops.load on covered.load_id = load.load_id
        where covered.verification_id = (
            -- A run that compared everything anew took no load into account: it belongs to the
            -- last one that did.
            select max(earlier.verification_id)
            from ops.verification_load as earlier
            where earlier.verification_id <= verification.verification_id
        )
    ) as day
from ops.verification;
comment on view ops.verification_day is
'To which day a run of verification belongs: the last day among the loads it took into account. |
Ngày của lượt xác thực.';
comment on column ops.verification_day.verification_id is 'The run.';
comment on column ops.verification_day.day is 'The day.';

create view ops.agency_list_input as
select
    coalesce(loaded.source_code, verified.source_code) as source_code,
    coalesce(loaded.day, verified.day) as day,
    coalesce(loaded.load_ids, '{}') as load_ids,
    coalesce(verified.verification_ids, '{}') as verification_ids
from (
    select
        load.source_code,
        load.day,
        array_agg(load.load_id order by load.load_id) as load_ids
    from ops.load
    where
        load.status in ('published', 'quarantined')
        -- Held by its suite before its rows are set aside: nothing to list yet.
        or (
            load.status = 'held'
            and exists (
                select from ops.quarantine
                where quarantine.load_id = load.load_id
            )
        )
    group by load.source_code, load.day
) as loaded
full join (
    select
        split_part(examined.dataset_code, '.', 1) as source_code,
        run.day,
        array_agg(distinct run.verification_id) as verification_ids
    from ops.verification_dataset as examined
    inner join ops.verification_day as run on examined.verification_id = run.verification_id
    where examined.changed_count > 0
    group by split_part(examined.dataset_code, '.', 1), run.day
) as verified on loaded.source_code = verified.source_code and loaded.day = verified.day;
comment on view ops.agency_list_input is
'What the list of a source and day is made from: loads and runs of verification. |
Đầu vào của danh sách trả về cơ quan.';
comment on column ops.agency_list_input.source_code is 'Source key.';
comment on column ops.agency_list_input.day is 'Day of the list.';
comment on column ops.agency_list_input.load_ids is
'Loads of that day whose bad rows are set aside: published, or held whole.';
comment on column ops.agency_list_input.verification_ids is
'Runs of that day that gave records of the source another verdict.';

create table ops.agency_list (
    source_code text not null,
    day date not null,
    scope text not null check (scope in ('day', 'standing')),
    load_ids bigint[] not null,
    verification_ids bigint[] not null,
    rejected_count bigint not null check (rejected_count >= 0),
    mismatch_count bigint not null check (mismatch_count >= 0),
    csv_name text not null,
    csv_sha256 text not null,
    xlsx_name text not null,
    xlsx_sha256 text not null,
    written_at timestamptz not null,
    primary key (source_code, day, scope)
);
comment on table ops.agency_list is
'Lists of what an agency has to correct: counts and files, no lines. |
Danh sách trả về cơ quan: số đếm và tên tệp, không có dữ liệu cá nhân.';
comment on column ops.agency_list.source_code is 'Source whose agency it goes back to.';
comment on column ops.agency_list.day is 'Day of its loads; of a standing list: of the last load.';
comment on column ops.agency_list.scope is
'day: found on that day; standing: every mismatch that holds, whenever found.';
comment on column ops.agency_list.load_ids is 'Loads whose rejected records it has.';
comment on column ops.agency_list.verification_ids is 'Runs whose mismatches it has.';
comment on column ops.agency_list.rejected_count is 'Rejected records.';
comment on column ops.agency_list.mismatch_count is 'Records that disagree with the registry.';
comment on column ops.agency_list.csv_name is 'Its CSV file, below the root of the lists.';
comment on column ops.agency_list.csv_sha256 is 'Digest of the CSV file.';
comment on column ops.agency_list.xlsx_name is 'Its workbook, below the root of the lists.';
comment on column ops.agency_list.xlsx_sha256 is 'Digest of the workbook.';
comment on column ops.agency_list.written_at is 'When its files became what they are.';

create table ops.agency_list_count (
    source_code text not null,
    day date not null,
    scope text not null,
    kind text not null check (kind in ('rejected', 'mismatch')),
    dataset_code text not null,
    code text not null,
    record_count bigint not null check (record_count > 0),
    primary key (source_code, day, scope, kind, dataset_code, code),
    foreign key (source_code, day, scope) references ops.agency_list
);
comment on table ops.agency_list_count is
'How many records of a list broke which rule or have which verdict. | Số bản ghi theo lỗi.';
comment on column ops.agency_list_count.source_code is 'Source of the list.';
comment on column ops.agency_list_count.day is 'Day of the list.';
comment on column ops.agency_list_count.scope is 'day or standing.';
comment on column ops.agency_list_count.kind is
'rejected: broke a rule; mismatch: has a verdict that does not count as verified.';
comment on column ops.agency_list_count.dataset_code is 'Source and dataset.';
comment on column ops.agency_list_count.code is 'The rule or verdict.';
comment on column ops.agency_list_count.record_count is
'Records; one that broke two rules counts with both.';

create view mart.agency_correction as
select
    list.source_code,
    list.day,
    counted.kind,
    counted.dataset_code,
    counted.code,
    counted.record_count,
    list.written_at
from ops.agency_list as list
inner join ops.agency_list_count as counted
    on
        list.source_code = counted.source_code
        and list.day = counted.day
        and list.scope = counted.scope
where list.scope = 'day';
comment on view mart.agency_correction is
'What went back to the agencies to be corrected, by day: counts only. |
Số bản ghi trả về cơ quan để chỉnh sửa, theo ngày.';
comment on column mart.agency_correction.source_code is 'Source whose agency it went back to.';
comment on column mart.agency_correction.day is 'Day of the list.';
comment on column mart.agency_correction.kind is
'rejected: not taken over; mismatch: not verified.';
comment on column mart.agency_correction.dataset_code is 'Source and dataset.';
comment on column mart.agency_correction.code is 'The rule broken, or the verdict.';
comment on column mart.agency_correction.record_count is
'Records; one that broke two rules counts with both, so parts need not add up to a total.';
comment on column mart.agency_correction.written_at is 'When the list became what it is.';
