-- Purpose:    what `migrate` has applied to this warehouse.
-- Grain:      ops.applied_migration: one numbered file of include/sql/migrations;
--             ops.applied_relation: one view or function.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.applied_migration, ops.applied_relation.
create schema if not exists ops;

create table ops.applied_migration (
    number integer primary key check (number > 0),
    name text not null,
    applied_at timestamptz not null default clock_timestamp()
);
comment on table ops.applied_migration is
'Files of include/sql/migrations that this warehouse has. | Các bước nâng cấp đã áp dụng.';
comment on column ops.applied_migration.number is 'Number of the file.';
comment on column ops.applied_migration.name is 'Name of the file, without its number.';
comment on column ops.applied_migration.applied_at is 'When it was applied.';

create table ops.applied_relation (
    relation_name text primary key,
    text_digest text not null,
    catalogue_digest text not null,
    applied_at timestamptz not null default clock_timestamp()
);
comment on table ops.applied_relation is
'Views and functions that migrate has made from their texts. | Khung nhìn và hàm đã tạo.';
comment on column ops.applied_relation.relation_name is 'Schema and name of the view or function.';
comment on column ops.applied_relation.text_digest is 'Digest of the text it was made from.';
comment on column ops.applied_relation.catalogue_digest is
'Digest of what PostgreSQL made of it: definition, comments, grants, triggers, policies.';
comment on column ops.applied_relation.applied_at is 'When it was last made.';

-- Only the account that owns the warehouse writes here, whatever the defaults of the schema say.
revoke all on ops.applied_migration, ops.applied_relation from dean06_loader, dean06_steward;
grant select on ops.applied_migration, ops.applied_relation to dean06_loader, dean06_steward;
