-- Purpose:    what loads and verification runs replace, until the steps of KPIs have been brought
--             up to date: the steps of what it was are taken out, those of what it is put in.
-- Grain:      see the comments of the tables.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     core.replaced_version, core.replaced_verdict, ops.kpi_step_family.
create table core.replaced_version (
    dataset_code text not null,
    load_id bigint not null,
    replaced_by bigint not null,
    version jsonb not null
);
comment on table core.replaced_version is
'Versions of records as they were before a load overwrote them, until KPIs have been brought up to
date. | Phiên bản trước khi bị ghi đè.';
comment on column core.replaced_version.dataset_code is 'Source and dataset.';
comment on column core.replaced_version.load_id is 'Load that had brought it.';
comment on column core.replaced_version.replaced_by is 'Load that overwrote it.';
comment on column core.replaced_version.version is 'The row of core. [personal]';

create table core.replaced_verdict (
    dataset_code text not null,
    record_key text not null,
    replaced_by bigint not null,
    verdict text,
    verdict_in_life text,
    deceased_from date,
    claimed_id text,
    primary key (dataset_code, record_key, replaced_by)
);
comment on table core.replaced_verdict is
'Verdicts as they were before a run of verification gave others, until KPIs have been brought up to
date. | Kết quả xác thực trước khi thay đổi.';
comment on column core.replaced_verdict.dataset_code is 'Source and dataset of the record.';
comment on column core.replaced_verdict.record_key is 'Key of the record. [personal]';
comment on column core.replaced_verdict.replaced_by is 'Run that gave another verdict, or none.';
comment on column core.replaced_verdict.verdict is
'As in core.identity_verdict; null, as all that follows: the record had no verdict.';
comment on column core.replaced_verdict.verdict_in_life is 'As in core.identity_verdict.';
comment on column core.replaced_verdict.deceased_from is 'As in core.identity_verdict. [personal]';
comment on column core.replaced_verdict.claimed_id is 'As in core.identity_verdict. [personal]';
grant delete on core.replaced_version, core.replaced_verdict to dean06_loader;

-- Steps that are kept now do not say of which loads they are.
delete from ops.kpi_step_family;
alter table ops.kpi_step_family add column loads int8multirange not null;
alter table ops.kpi_step_family add column verification_id bigint not null;
comment on column ops.kpi_step_family.state_digest is
'Digest of its query, and of the reference data that it reads.';
comment on column ops.kpi_step_family.loads is 'Published loads that the steps take into account.';
comment on column ops.kpi_step_family.verification_id is
'Newest run of verification that they take into account; 0: none.';
create index kpi_step__nothing on ops.kpi_step (family) where counted = 0 and considered = 0;
