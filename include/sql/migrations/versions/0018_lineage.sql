-- Purpose:    what lineage events have been told of.
-- Grain:      one row per load, batch held, verification or publication.
-- Parameters: none.
-- Reads:      nothing.
create table ops.lineage_told (
    kind text not null check (kind in ('load', 'hold', 'verification', 'publication')),
    id bigint not null,
    told_at timestamptz not null default clock_timestamp(),
    primary key (kind, id)
);
comment on table ops.lineage_told is
'Of which runs OpenLineage events were sent. | Những lượt chạy đã gửi thông tin nguồn gốc dữ liệu.';
comment on column ops.lineage_told.kind is
'load, hold (a batch held), verification or publication.';
comment on column ops.lineage_told.id is 'load_id, verification_id or publication_id.';
comment on column ops.lineage_told.told_at is 'When its events had been handed over.';
