-- Purpose:    which migration the warehouse has, for readers of metrics.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      ops.applied_migration.
-- Writes:     ops.schema_version.
create or replace view ops.schema_version with (security_barrier = true) as
select
    max(number) as number,
    max(applied_at) as applied_at
from ops.applied_migration;

comment on view ops.schema_version is
'Number of the newest migration of this warehouse. | Phiên bản cấu trúc kho dữ liệu.';
comment on column ops.schema_version.number is 'Number of its file.';
comment on column ops.schema_version.applied_at is 'When it was applied.';

grant select on ops.schema_version to dean06_ui;
