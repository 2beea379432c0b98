-- Purpose:    counts of correction cases for readers of mart, by source, as the disclosure step has
--             rounded them.
-- Grain:      see the comment of the table.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.correction_count; policy correction_count_is_written of mart.correction_count;
--             policy correction_count_is_read of mart.correction_count;
--             policy correction_count_of_all of mart.correction_count.

create table mart.correction_count (
    as_of_date date not null,
    revision integer not null,
    source_code text not null,
    measure text not null check (measure in ('open', 'overdue', 'closed_in_time', 'closed_late')),
    case_count bigint not null check (case_count >= 0),
    is_rounded boolean not null,
    published_at timestamptz not null default clock_timestamp(),
    primary key (as_of_date, revision, source_code, measure)
);
comment on table mart.correction_count is
'Cases of records to correct by source, as published: rounded, append-only. |
Số vụ việc chỉnh sửa theo nguồn, đã làm tròn.';
comment on column mart.correction_count.as_of_date is 'Day up to which deliveries are counted.';
comment on column mart.correction_count.revision is 'Grows when a day is published again.';
comment on column mart.correction_count.source_code is 'Source; empty: all sources.';
comment on column mart.correction_count.measure is
'open, overdue (of these), closed_in_time, closed_late.';
comment on column mart.correction_count.case_count is
'Cases, rounded where is_rounded: parts need not add up.';
comment on column mart.correction_count.is_rounded is
'True: rounded to twice the smallest shown count (docs/decisions/0033).';
comment on column mart.correction_count.published_at is 'When.';

-- Counts are of the whole warehouse: a login that reads provinces reads none of them.
alter table mart.correction_count enable row level security;
create policy correction_count_is_written on mart.correction_count
for insert to dean06_loader with check (true);
create policy correction_count_is_read on mart.correction_count
for select to dean06_loader, dean06_steward using (true);
create policy correction_count_of_all on mart.correction_count
for select to dean06_bi
using (
    (
        select
            not pg_has_role(session_user, 'dean06_bi_province', 'member')
            or pg_has_role(session_user, 'dean06_loader', 'member')
    )
);
grant select on mart.correction_count to dean06_bi;
