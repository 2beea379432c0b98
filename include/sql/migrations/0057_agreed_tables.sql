-- Purpose:    by which terms of its contract a core table holds its records, so that `migrate` can
--             refuse a contract that these records do not fit.
-- Grain:      ops.agreed_table: one dataset.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.agreed_table.

create table ops.agreed_table (
    source_code text not null,
    dataset_code text not null,
    dated_by text not null,
    history text not null,
    required_columns text[] not null,
    primary key (source_code, dataset_code)
);
comment on table ops.agreed_table is
'Terms of the contract by which core holds the records of a dataset. | Điều khoản đang áp dụng.';
comment on column ops.agreed_table.source_code is 'Source key.';
comment on column ops.agreed_table.dataset_code is 'Dataset of the source.';
comment on column ops.agreed_table.dated_by is 'Column that says from which day a record counts.';
comment on column ops.agreed_table.history is 'state or event.';
comment on column ops.agreed_table.required_columns is 'Columns that every delivered record has.';

grant select on ops.agreed_table to dean06_ui;
